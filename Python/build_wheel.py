"""Builds the wheel: build_wheel.py PROGRAM LIBRARY FOLDER.

Puts the program and the library beside the sources in a folder of its own, makes a wheel of it, and
gives that the lowest manylinux tag that auditwheel accepts. Needs setuptools and auditwheel.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(program: str, library: str, folder: str) -> None:
    with tempfile.TemporaryDirectory(prefix="gauntlet-wheel-") as temporary:
        tree, raw = Path(temporary, "tree"), Path(temporary, "raw")
        tree.mkdir()
        for name in ("pyproject.toml", "setup.py", "README.md"):
            shutil.copy(HERE / name, tree)
        root = HERE.parent
        for path in (root / "LICENSE", root / "Distribution" / "NOTICE"):
            shutil.copy(path, tree)
        subprocess.run([root / "Distribution" / "copy-licenses", tree / "licenses"], check=True)
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "_bin", "_lib")
        shutil.copytree(HERE / "src", tree / "src", ignore=ignored)
        package = tree / "src" / "gauntlet_fl"
        for name in ("_bin", "_lib"):
            (package / name).mkdir()
        shutil.copy(program, package / "_bin" / "gauntlet")
        shutil.copy(library, package / "_lib" / "libgauntlet.so")
        shutil.copy(HERE / "native" / "gauntlet.h", package / "_lib")
        for path in (package / "_bin" / "gauntlet", package / "_lib" / "libgauntlet.so"):
            path.chmod(0o755)
        pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
        subprocess.run([*pip, "--disable-pip-version-check", "-w", raw, tree], check=True)
        (wheel,) = raw.glob("*.whl")
        shown = subprocess.run(
            [sys.executable, "-m", "auditwheel", "show", wheel],
            check=True, capture_output=True, text=True,
        ).stdout
        tag = re.search(r'following platform tag:\s*"([^"]+)"', shown)
        if tag is None or not tag[1].startswith("manylinux"):
            sys.exit(f"build_wheel: auditwheel knows no manylinux tag for this wheel:\n{shown}")
        subprocess.run(
            [sys.executable, "-m", "wheel", "tags", "--remove", "--platform-tag", tag[1], wheel],
            check=True, stdout=subprocess.DEVNULL,
        )
        (wheel,) = raw.glob("*.whl")
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for old in target.glob("gauntlet_fl-*.whl"):
            old.unlink()
        shutil.copy(wheel, target)
        size = wheel.stat().st_size / 2**20
        print(f"{target / wheel.name}: {size:.1f} MiB")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
