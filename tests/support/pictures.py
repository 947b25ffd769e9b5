"""Pictures as telephones make them."""

from io import BytesIO

from PIL import Image


def photograph(kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """With the place where it was taken, and turned on its side."""
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn to the right
    exif[0x010E] = "Storgata 1, 2026-03-23"
    file = BytesIO()
    image.save(file, kind, exif=exif, **({"comment": b"hemmelig"} if kind == "JPEG" else {}))
    return file.getvalue()
