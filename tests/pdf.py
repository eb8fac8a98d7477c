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
