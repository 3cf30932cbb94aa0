"""The licenses of what program and library have inside come along."""

import importlib.metadata
import re

DISTRIBUTION = importlib.metadata.distribution("gauntlet-fl")
# A sentence of each that no other one has.
SENTENCES = {
    "LICENSE": "Apache License",
    "NOTICE": "parts of others inside",
    "licenses/Yams.txt": "JP Simard",
    "licenses/icu.txt": "UNICODE LICENSE V3",
    "licenses/libpng.txt": "Cosmin Truta",
    "licenses/libyaml.txt": "Kirill Simonov",
    "licenses/swift-argument-parser.txt": "Runtime Library Exception",
    "licenses/swift.txt": "Runtime Library Exception",
}


def _text(name: str) -> str:
    text = DISTRIBUTION.read_text(f"licenses/{name}")
    assert text is not None, f"{name} is in METADATA, and not in the wheel"
    return text


def test_metadata_names_them():
    names = DISTRIBUTION.metadata.get_all("License-File")
    assert sorted(names) == sorted(SENTENCES)
    assert DISTRIBUTION.metadata["License-Expression"] == "Apache-2.0 AND MIT AND Unicode-3.0 AND libpng-2.0"


def test_they_are_whole():
    for name, sentence in SENTENCES.items():
        assert sentence in _text(name), name


def test_the_notice_names_each():
    notice = _text("NOTICE").split("A program that needs nothing of the system")[0]
    named = set(re.findall(r"\S+\.txt$", notice, re.MULTILINE))
    assert {f"licenses/{name}" for name in named} == {n for n in SENTENCES if n.endswith(".txt")}
