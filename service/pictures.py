"""Pictures that people send: drawn anew, so that nothing comes along but what is seen.

Where and when a photograph was taken, the thumbnail of what was cut away, and anything hidden
behind the picture stay with the sender. Drawing anew also makes sure that it is a picture.
"""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from engine.commands.attachments import File
from service.uploads import FileRefusedError, Upload

MOST_PIXELS: Final = 50_000_000
"""A file of a few kilobytes may claim more and fill the memory."""
LONGEST_SIDE: Final = 2000
QUALITY: Final = 85
_NAME: Final = 150
_UNREADABLE: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
)


def drawn_anew(upload: Upload, shows: str) -> File:
    """The picture as JPEG, `shows` being what it is called. Raises FileRefusedError."""
    try:
        with Image.open(BytesIO(upload.content), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _refused(upload.name)
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = Image.new("RGB", upright.size, "white")
            layer = upright.convert("RGBA")
            plain.paste(layer, mask=layer.getchannel("A"))
    except _UNREADABLE as error:
        raise _refused(upload.name) from error
    drawn = BytesIO()
    plain.save(drawn, "JPEG", quality=QUALITY)
    name = " ".join(shows.split())[:_NAME] or upload.name.rpartition(".")[0][:_NAME]
    return File(f"{name}.jpg", "image/jpeg", drawn.getvalue())


def _refused(name: str) -> FileRefusedError:
    return FileRefusedError(
        f"«{name}» is no picture that can be shown. Send a JPEG or PNG of at most"
        f" {MOST_PIXELS // 1_000_000} megapixels.",
        name=name,
        kinds=".jpg, .jpeg, .png",
    )
