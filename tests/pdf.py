"""Just enough of PDF to read what our own files say: unpacked streams, and the text as a screen reader gets it."""

import re
import zlib


def unpacked(pdf: bytes) -> bytes:
    """The file with the content of its packed streams behind it."""
    parts = [pdf]
    for match in re.finditer(rb"stream\r?\n", pdf):
        try:
            parts.append(zlib.decompressobj().decompress(pdf[match.end() :]))
        except zlib.error:
            continue  # a stream that is not packed, or the end of one
    return b"\n".join(parts)


def text_of(pdf: bytes) -> str:
    """The letters in the order in which the pages draw them, by the maps from signs to letters that the file brings."""
    data = unpacked(pdf)
    letters = {
        sign.lower(): bytes.fromhex(letter.decode()).decode("utf-16-be")
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", data, re.S)
        for sign, letter in re.findall(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", block)
    }
    words = []
    for line in re.findall(rb"\[([^\]]*)\]\s*TJ", data):
        signs = re.findall(rb"[0-9a-fA-F]{4}", b"".join(re.findall(rb"<([0-9a-fA-F]+)>", line)))
        words.append("".join(letters.get(sign.lower(), "?") for sign in signs))
    return " ".join(words)


def objects(pdf: bytes) -> dict[int, bytes]:
    """Every object of the file by its number, those in packed streams of objects too."""
    found = {int(number): body for number, body in re.findall(rb"(?<!\d)(\d+) 0 obj\s(.*?)endobj", pdf, re.S)}
    for body in list(found.values()):
        if b"/ObjStm" not in body:
            continue
        data = zlib.decompressobj().decompress(body.split(b"stream", 1)[1].lstrip(b"\r\n"))
        first = int(re.findall(rb"/First (\d+)", body)[0])
        head = [int(number) for number in data[:first].split()]
        starts = [*head[1::2], len(data) - first]
        for number, start, end in zip(head[::2], starts, starts[1:], strict=False):
            found[number] = data[first + start : first + end]
    return found


def tags(pdf: bytes) -> list[tuple[str, bytes]]:
    """The tags in the order in which a screen reader meets them: role and the object itself."""
    every = objects(pdf)
    root = next(body for body in every.values() if b"/StructTreeRoot" in body and b"/Catalog" not in body)
    met: list[tuple[str, bytes]] = []

    def walk(body: bytes) -> None:
        if role := re.search(rb"/S\s*/(\w+)", body):
            met.append((role[1].decode(), body))
        children = re.search(rb"/K\s*(\[.*?\]|\d+ 0 R)", body, re.S)
        for number in re.findall(rb"(\d+) 0 R", children[1]) if children else []:
            child = every.get(int(number), b"")
            if b"/StructElem" in child:
                walk(child)

    walk(root)
    return met


def bookmarks(pdf: bytes) -> list[str]:
    """The titles of the outline, each before those below it."""
    every, titles = objects(pdf), list[str]()
    root = next(int(number) for body in every.values() for number in re.findall(rb"/Outlines (\d+) 0 R", body))

    def walk(number: int) -> None:
        while number:
            body = every[number]
            title = re.search(rb"/Title\s*(<[0-9a-fA-F]+>|\((?:\\.|[^\\)])*\))", body, re.S)
            if title:
                titles.append(_string(title[1]))
            if below := re.search(rb"/First (\d+) 0 R", body):
                walk(int(below[1]))
            after = re.search(rb"/Next (\d+) 0 R", body)
            number = int(after[1]) if after else 0

    walk(root)
    return titles


def _string(token: bytes) -> str:
    if token.startswith(b"<"):
        return bytes.fromhex(token[1:-1].decode()).decode("utf-16")
    return token[1:-1].decode("latin-1")
