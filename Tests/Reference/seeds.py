"""The streams of draws that rules take, in plain Python; not a script of its own.

`stream(root, path)` is the stream of the path of a root seed, as Sources/Determinism has it: a key
is the first two words of the Philox block at (value, tag) under the key above it, with the tag 0
for the root, 1 for an index; a stream takes its words from the blocks at 0, 1, ... with the tag 3.
"""

from random_streams import philox

MASK = 0xFFFFFFFF


def block(position, tag, key):
    return philox([position & MASK, position >> 32, tag, 0], [key & MASK, key >> 32])


class Stream:
    def __init__(self, key):
        self.key, self.position, self.words = key, 0, []

    def word(self):
        if not self.words:
            self.words = block(self.position, 3, self.key)
            self.position += 1
        return self.words.pop(0)

    def unit(self):
        low = self.word()
        return ((low | self.word() << 32) >> 11) * 2.0**-53

    def index(self, bound):
        """0 ... bound - 1 by Lemire's multiplication with rejection."""
        product = self.word() * bound
        if product & MASK < bound:
            threshold = (2**32 - bound) % bound
            while product & MASK < threshold:
                product = self.word() * bound
        return product >> 32

    def sample(self, count, population):
        """The first steps of a Fisher-Yates shuffle from the front."""
        order = list(range(population))
        for i in range(count):
            j = i + self.index(population - i)
            order[i], order[j] = order[j], order[i]
        return order[:count]


def stream(root, path=()):
    words = block(root, 0, 0)
    for index in path:
        words = block(index, 1, words[0] | words[1] << 32)
    return Stream(words[0] | words[1] << 32)
