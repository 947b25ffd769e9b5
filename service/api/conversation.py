"""What tasks and procurements have in common: comments, files, and how records are told."""

from collections.abc import Collection
from typing import Annotated

from fastapi import File, UploadFile
from fastapi.responses import Response

from engine.commands.attachments import AddAttachment, WithdrawAttachment
from engine.commands.comments import AddComment, WithdrawComment
from engine.forms.conditions import for_roles
from engine.queries.conversation import read_attachment
from engine.queries.record import LogEntry
from engine.queries.submissions import SubmissionView
from service.api.routing import ACT_PROBLEMS, FILE_PROBLEMS, RequestId, content, make_router
from service.api.shapes import (
    Attachment,
    AttachmentDone,
    AttachmentWithdrawn,
    Comment,
    CommentDone,
    Entry,
    IdInPath,
    NewComment,
    Submission,
)
from service.dependencies import Bus, Everything, Person, Reader
from service.i18n import Translator
from service.pages.files import as_download
from service.pages.sentences import sentences
from service.uploads import Upload, read_upload

router = make_router()

OneFile = Annotated[UploadFile, File(description="One file; its name decides its kind.")]


def comments_told(found: Collection[object]) -> list[Comment]:
    return [Comment.model_validate(each) for each in found]


def attachments_told(found: Collection[object]) -> list[Attachment]:
    return [Attachment.model_validate(each) for each in found]


def submission_told(found: SubmissionView, roles: Collection[str]) -> Submission:
    """The form without the fields that are not for these roles."""
    form = found.form
    return Submission(
        id=found.id,
        form=form.key if form else "",
        title=found.title,
        content=for_roles(form.root, found.content, roles) if form else {},
        by=found.by,
        at=found.at,
        supplier=found.supplier,
        seq=found.seq,
        element=found.element,
    )


def entries_told(entries: Collection[LogEntry], text: Translator) -> list[Entry]:
    """Entries with the sentence that says them in the reader's language."""
    return [
        Entry(
            seq=entry.seq,
            at=entry.at,
            type=entry.type,
            hidden=entry.hidden,
            text=sentence.text,
            by=entry.by,
            on_behalf_of=entry.on_behalf_of,
            element=entry.element,
            supplier=entry.supplier,
            task=entry.task,
            reason=entry.reason,
            rule=entry.rule,
            hash=entry.hash,
            data=dict(entry.data) if entry.data is not None else None,
        )
        for entry, sentence in zip(entries, sentences(entries, text), strict=True)
    ]


def sent_file(file: UploadFile, limit: int) -> Upload:
    """The file, checked; raises FileRefusedError or TooLargeError. `limit` in bytes."""
    return read_upload(file.filename or "", file.file, limit)


@router.get(
    "/attachments/{attachment}",
    tags=["attachments"],
    response_class=Response,
    responses=content("application/octet-stream"),
)
def download(attachment: IdInPath, view: Reader) -> Response:
    """The file itself, as a download that no browser runs."""
    return as_download(read_attachment(view, attachment))


@router.post("/tasks/{task}/comments", status_code=201, tags=["tasks"], responses=ACT_PROBLEMS)
def comment_on_task(
    task: IdInPath, asked: NewComment, bus: Bus, person: Person, request: RequestId
) -> CommentDone:
    """Say something about a task, on the record."""
    answer = bus.handle(
        AddComment("", asked.text, task, tuple(asked.mentions)), person.actor, request=request
    )
    return CommentDone.model_validate(answer)


@router.post("/tasks/{task}/attachments", status_code=201, tags=["tasks"], responses=FILE_PROBLEMS)
def attach_to_task(
    task: IdInPath,
    file: OneFile,
    parts: Everything,
    person: Person,
    request: RequestId,
) -> AttachmentDone:
    """Attach a file to a task; its id goes into the fields of forms that ask for files."""
    sent = sent_file(file, parts.settings.upload_bytes)
    command = AddAttachment("", sent.name, sent.media_type, sent.content, task)
    answer = parts.bus.handle(command, person.actor, request=request)
    return AttachmentDone.model_validate(answer)


@router.post(
    "/procurements/{procurement}/comments",
    status_code=201,
    tags=["procurements"],
    responses=ACT_PROBLEMS,
)
def comment_on_procurement(
    procurement: IdInPath, asked: NewComment, bus: Bus, person: Person, request: RequestId
) -> CommentDone:
    """Say something about a procurement, on the record."""
    answer = bus.handle(
        AddComment(procurement, asked.text, mentions=tuple(asked.mentions)),
        person.actor,
        request=request,
    )
    return CommentDone.model_validate(answer)


@router.post(
    "/procurements/{procurement}/comments/{comment}/withdraw",
    tags=["procurements"],
    responses=ACT_PROBLEMS,
)
def withdraw_comment(
    procurement: IdInPath,
    comment: IdInPath,
    bus: Bus,
    person: Person,
    request: RequestId,
    together: bool = False,
) -> CommentDone:
    """Take back a comment of one's own, on the procurement or on one of its tasks: its text is
    shown no more, and stays in the record that is exported and verified. With `together` all that
    `/bulk/comment` wrote in the same act are taken back, or none."""
    command = WithdrawComment(procurement, comment, together)
    return CommentDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(
    "/procurements/{procurement}/attachments/{attachment}/withdraw",
    tags=["procurements"],
    responses=ACT_PROBLEMS,
)
def withdraw_attachment(
    procurement: IdInPath, attachment: IdInPath, bus: Bus, person: Person, request: RequestId
) -> AttachmentWithdrawn:
    """Take back a file that you attached, to the procurement or to one of its tasks: nobody can
    open it any more. 409 `file-in-use` where a form, a document or a contribution has it."""
    command = WithdrawAttachment(procurement, attachment)
    return AttachmentWithdrawn.model_validate(bus.handle(command, person.actor, request=request))


@router.post(
    "/procurements/{procurement}/attachments",
    status_code=201,
    tags=["procurements"],
    responses=FILE_PROBLEMS,
)
def attach_to_procurement(
    procurement: IdInPath,
    file: OneFile,
    parts: Everything,
    person: Person,
    request: RequestId,
) -> AttachmentDone:
    """Attach a file to the procurement as a whole."""
    sent = sent_file(file, parts.settings.upload_bytes)
    command = AddAttachment(procurement, sent.name, sent.media_type, sent.content)
    answer = parts.bus.handle(command, person.actor, request=request)
    return AttachmentDone.model_validate(answer)
