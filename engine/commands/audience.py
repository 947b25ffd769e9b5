"""With whom something is shared across the border of an organisation."""

from typing import Final

from engine.commands.environment import Session
from engine.errors import InvalidInputError, NotFoundError
from engine.store import people

MOST_ORGANISATIONS: Final = 100


def audience(session: Session, organisations: tuple[str, ...], own: str) -> tuple[str, ...]:
    """Each of them once, nothing for everybody.

    Raises InvalidInputError where there are too many or one is the `own`, NotFoundError where one
    is not there.
    """
    chosen = tuple(dict.fromkeys(organisations))
    if len(chosen) > MOST_ORGANISATIONS:
        raise InvalidInputError(
            f"Name at most {MOST_ORGANISATIONS} organisations, or share with all.",
            about="organisations-many",
            most=MOST_ORGANISATIONS,
        )
    for each in chosen:
        if people.find_organisation(session.work.connection, each) is None:
            raise NotFoundError("organisation", each)
        if each == own:
            raise InvalidInputError(
                "Your own organisation sees it anyway. Choose others.",
                organisation=each,
                about="own-organisation",
            )
    return chosen
