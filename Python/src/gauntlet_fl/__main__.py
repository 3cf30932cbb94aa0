"""``python -m gauntlet_fl`` is the program ``gauntlet``."""

from ._program import main

if __name__ == "__main__":
    main()
