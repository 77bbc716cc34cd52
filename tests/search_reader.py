"""Answers queries from the search index of a site (docs/bundle-format.md, search/).

python3 search_reader.py SITE QUERY ... prints for each query the slugs of the stories that are found, on a line."""

import itertools
import json
import re
import sys
import unicodedata
import zlib
from pathlib import Path

SITE = Path(sys.argv[1])
SIMPLIFIED = (Path(__file__).parent.parent / "crates/search/src/simplified.txt").read_text().strip()
TO_SIMPLIFIED = {ord(a): b for a, b in zip(SIMPLIFIED[::2], SIMPLIFIED[1::2])}


def kind(character):  # Of the scripts without spaces, this reader knows Chinese alone.
    if "\u3400" <= character <= "\u9fff":
        return "unspaced"
    return "letter" if character.isalnum() else "between"


def fold(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", plain).lower().translate(TO_SIMPLIFIED)


def terms(folded):
    pairs = [a + b for a, b in zip(folded, folded[1:])
             if "unspaced" in (kind(a), kind(b)) and "between" not in (kind(a), kind(b))]
    marked = "".join(c if kind(c) == "letter" else " " for c in folded)
    found = pairs + marked.split()
    return found or [c for c in folded if kind(c) == "unspaced"]


def key(term):
    number = 0xCBF29CE484222325
    for byte in term.encode():
        number = (number ^ byte) * 0x100000001B3 % 2**64
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        number = (number ^ number >> 33) * factor % 2**64
    return (number ^ number >> 33) >> 24


def checked(data):
    number = 2166136261
    for byte in data[:-4]:
        number = (number ^ byte) * 16777619 % 2**32
    assert number == int.from_bytes(data[-4:], "little"), "damaged"
    return data[:-4]


class Bits:
    def __init__(self, data):
        self.text = "".join(f"{byte:08b}" for byte in data)
        self.at = 0

    def bits(self, count):
        self.at += count
        return int(self.text[self.at - count:self.at] or "0", 2)

    def rice(self, parameter):
        end = self.text.index("0", self.at)
        ones, self.at = end - self.at, end + 1
        return ones << parameter | self.bits(parameter)

    def gamma(self):
        zeros = self.text.index("1", self.at) - self.at
        self.at += zeros
        return self.bits(zeros + 1) - 1


class Segment:
    def __init__(self, head):
        self.__dict__.update({"apart_above": 2**32, "masked": []} | head)
        lengths = zlib.decompress(checked(self.file("lengths")), -15)
        self.lengths = [sum((byte & 127) << 7 * at for at, byte in enumerate(number))
                        for number in re.findall(rb"[\x80-\xff]*[\x00-\x7f]", lengths)]

    def file(self, name):
        return (SITE / f"bundle/search/{self.id}-{name}.bin").read_bytes()

    def distances(self, bits, count, of):
        mean = max(8, of * 8 // (count + 1))
        for _ in range(count):
            distance = bits.rice(max(0, (mean * 11 // 128).bit_length() - 1))
            mean += distance - mean // 8
            yield distance

    def list(self, bits, count):
        distances = self.distances(bits, count, self.rows)
        rows = itertools.accumulate(distances, lambda before, d: before - d - 1, initial=self.rows)
        return list(rows)[1:]

    def rows_of(self, term):
        wanted = key(term)
        page = wanted * self.pages >> 40
        file = self.file(f"t{page // self.pages_per_file}")
        begin, end = self.place(page, 0, self.pages_per_file, 16)
        content = checked(file[begin:end])
        offset, apart = (int.from_bytes(content[at:at + 4], "little") for at in (0, 4))
        bits, at = Bits(content[8:]), -(-(page << 40) // self.pages)
        for _ in range(bits.bits(16)):
            at += bits.rice(self.gap_parameter)
            count = bits.gamma() + 1
            titles = bits.bits(1) if count == 1 else bits.gamma()
            if count <= 16:
                rows = self.list(bits, count)
                if 0 < titles < count:
                    list(self.distances(bits, titles, count))
            else:
                length = bits.gamma() << 4 | bits.bits(4)
                is_apart = length > self.apart_above
                if at == wanted:
                    data = self.file(f"l{apart}") if is_apart else file[offset:offset + length]
                    rows = self.list(Bits(checked(data)), count)
                apart, offset = (apart + 1, offset) if is_apart else (apart, offset + length)
            if at == wanted:
                return set(rows) - set(self.masked)
            at += 1
        return set()

    def place(self, page, first, per_file, unit=1):
        before = first + page // per_file * per_file
        begin = unit * sum(self.lengths[before:first + page])
        return begin, begin + unit * self.lengths[first + page]

    def slug(self, row):
        begin, end = self.place(row // 32, self.pages, self.row_pages_per_file)
        data = self.file(f"r{row // 32 // self.row_pages_per_file}")[begin:end]
        return json.loads(zlib.decompress(checked(data), -15))[row % 32]["slug"]


def search(segment, query):
    found, excluded = None, set()
    for minus, quoted, word in re.findall(r'(-?)(?:"([^"]*)"|(\S+))', query):
        rows = set.intersection(*(segment.rows_of(term) for term in terms(fold(quoted or word))))
        if minus:
            excluded |= rows
        else:
            found = rows if found is None else found & rows
    return (found or set()) - excluded


manifest = json.loads((SITE / "bundle/manifest.json").read_text())
head = json.loads((SITE / f"bundle/search/{manifest['search']}.json").read_text())
segments = [Segment(each) for each in head["segments"]]
for query in sys.argv[2:]:
    print(*sorted(segment.slug(row) for segment in segments for row in search(segment, query)))
