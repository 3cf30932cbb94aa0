"""A server of the loopback that behaves as mirrors do: python3 mirror.py FOLDER.

Prints its port. The first part of a path says how it behaves: good (parts of files, too), plain (whole files only), cut (half of
what is asked for, then the connection ends), wrong (other bytes), long (more bytes), short (fewer, and no error), page (a page
of HTML), down (503), gone (404), moved (redirects to good). What was asked for, with the range, is written to FOLDER/requests.
"""

import http.server
import os
import re
import sys

folder = sys.argv[1]


class Mirror(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        _, kind, name = self.path.split("/", 2)
        asked = self.headers.get("Range")
        with open(os.path.join(folder, "requests"), "a") as log:
            log.write(f"{kind} {name} {asked or 'whole'}\n")
        path = os.path.join(folder, os.path.basename(name))
        if kind == "down":
            return self.answer(503, b"down")
        if kind == "moved":
            self.send_response(302)
            self.send_header("Location", f"/good/{name}")
            self.end_headers()
            return None
        if kind == "page":
            return self.answer(200, b"<html>Please log in.</html>")
        if kind == "gone" or not os.path.exists(path):
            return self.answer(404, b"missing")
        with open(path, "rb") as file:
            data = file.read()
        if kind == "wrong":
            data = bytes(byte ^ 1 for byte in data)
        elif kind == "long":
            data += b"more"
        elif kind == "short":
            data = data[:-1]
        start = 0
        if asked and kind != "plain":
            start = int(re.match(r"bytes=(\d+)-$", asked).group(1))
            if start >= len(data):
                return self.answer(416, b"")
        rest = data[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        self.wfile.write(rest[: (len(rest) + 1) // 2] if kind == "cut" else rest)
        return None

    def answer(self, code, body):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
print(server.server_address[1], flush=True)
server.serve_forever()
