"""Other libraries in Gauntlet, and Gauntlet in other libraries.

``python3 -m gauntlet_fl.adapters.byzfl`` and ``python3 -m gauntlet_fl.adapters.byzpy`` are workers
with every rule of these libraries; `gauntlet_fl.adapters.flower` has a strategy for Flower. None of
the three is needed by the package; each has to be installed where its adapter is used.
"""
