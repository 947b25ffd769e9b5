"""Every command, by everybody, on everything: what `access_matrix.csv` says and nothing else.

The table is the oracle: written from the domain's table of roles and rights, not from the policy.
allowed: access lets it through, whatever the state of things then says. forbidden: refused, and the
person may know of it. not-found: the person may not even know that it is there.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from engine.commands.absences import BeginAbsence, RegisterAbsence, WithdrawAbsence
from engine.commands.added_tasks import (
    AddTask,
    CallGathering,
    MoveGathering,
    WithdrawAddedTask,
)
from engine.commands.applications import AskAccess
from engine.commands.appointments import PlanAppointments
from engine.commands.assignment import AssignTask
from engine.commands.attachments import AddAttachment, WithdrawAttachment
from engine.commands.ballots import CastBallot, CountBallots
from engine.commands.bulk import (
    AssignTasks,
    ClaimTasks,
    CommentOnTasks,
    DelegateTasks,
    PutTasksBack,
    ReleaseTasks,
)
from engine.commands.bus import HANDLERS
from engine.commands.businesses import DescribeBusiness
from engine.commands.buyers import AddBuyer, RemoveBuyer
from engine.commands.comments import AddComment, WithdrawComment
from engine.commands.contributions import (
    AnswerContribution,
    GiveContribution,
    LinkTrace,
    MergeContributions,
    ModerateContribution,
    SplitContribution,
    UnlinkTrace,
)
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.deliveries import (
    DropAbandoned,
    KeepSealed,
    SubmitDelivery,
    WithdrawDelivery,
)
from engine.commands.deployments import (
    DeployProcess,
    ShareModel,
    StopSharingModel,
    TakeModel,
)
from engine.commands.discussion import MakeRemark, ModerateRemark
from engine.commands.drafts import LookAtTask, SaveDraft
from engine.commands.due import MoveTaskDue
from engine.commands.environment import Session
from engine.commands.filters import RememberView, RemoveFilter, SaveFilter
from engine.commands.handing import HandDocument
from engine.commands.identities import AdmitPerson, LinkIdentity
from engine.commands.incidents import RetryIncident
from engine.commands.inquiries import AnswerInquiry
from engine.commands.intakes import OpenIntake
from engine.commands.knowledge import (
    LearnLesson,
    ReuseMatter,
    RevokeSharing,
    ShareMatter,
    WithdrawLesson,
)
from engine.commands.mails import (
    ChooseMail,
    ClaimMails,
    NoteReturn,
    PlanMails,
    ReportMail,
    ResendMail,
)
from engine.commands.market import AnswerInput, DrawLots, GiveInput, SignUp, WithdrawSignUp
from engine.commands.meetings import (
    BookSlot,
    CancelMeeting,
    HoldMeeting,
    OfferedSlot,
    OfferSlots,
    WithdrawSlot,
)
from engine.commands.messages import ReportMessage
from engine.commands.minutes import AnswerMinutes, MarkPassage, SettleMinutes
from engine.commands.notifications import MarkRead, Remind
from engine.commands.openings import BeginOpening, LookUpIdentity, OpenDeliveries
from engine.commands.organisations import (
    AddOrganisation,
    AddPerson,
    GrantRole,
    RevokeRole,
    SetLetterLanguage,
)
from engine.commands.outbox import MarkDispatched
from engine.commands.participants import (
    AskBack,
    IdentifyParticipant,
    Invited,
    InviteParticipants,
    MailInvitation,
    RemoveParticipant,
    RevokeInvitation,
    UseInvitation,
)
from engine.commands.polls import ClosePoll, ConcludePoll, OpenPoll
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    StartProcurement,
    SuspendProcurement,
)
from engine.commands.questions import (
    AnswerQuestion,
    AskQuestion,
    RefuseQuestion,
    ReleaseAnswers,
)
from engine.commands.recorded_decisions import RecordDecision
from engine.commands.rewind import RewindProcurement
from engine.commands.rule_changes import NoteRules
from engine.commands.search import KeepFileText, RebuildSearch
from engine.commands.sharing import DropItem, NoteItem, ReleaseInformation, Text
from engine.commands.signals import JudgeSignal
from engine.commands.tasks import (
    ClaimTask,
    CompleteTask,
    DelegateTask,
    GiveTaskBack,
    ReleaseTask,
)
from engine.commands.team import AddMember, EndSeats, RemoveMember
from engine.commands.timers import FireDueTimers, FireTimer
from engine.commands.tokens import IssueToken, RevokeToken
from engine.commands.usage import CountUse
from engine.errors import BulkRefusedError, EngineError, ForbiddenError, NotFoundError
from engine.model.actor import SYSTEM, Actor
from engine.model.mails import Outcome
from engine.model.notifications import Occasion
from engine.notifications.timing import Preference
from engine.store import people
from engine.store.unit_of_work import UnitOfWork
from tests.support.circle import A, Circle, make_circle
from tests.support.platform import ELSEWHERE, START, TEAM, TOWN, Platform
from tests.support.small_process import KEY, small_process

TABLE: Final = Path(__file__).with_name("access_matrix.csv")
TODAY: Final = START.date()
FAR: Final = (TODAY + timedelta(days=900)).isoformat()
HOURS: Final = ("2099-01-02T12:00", "2099-01-02T13:00")
TIME: Final = OfferedSlot(START + timedelta(days=1), START + timedelta(days=1, hours=1))
OUTCOMES: Final = {"allowed", "forbidden", "not-found"}


def read_table() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def circle(platform: Platform) -> Circle:
    return make_circle(platform)


def guest() -> Invited:
    return Invited("guest", "1" * 64, "citizen", 14, group="Pårørende")


def lost_mail(circle: Circle) -> str:
    """A mail to the need owner about the procurement that was refused; its id."""
    handle = circle.platform.bus.handle
    handle(PlanMails(), SYSTEM)
    handle(ClaimMails(), SYSTEM)
    query = sa.text(
        "SELECT mail FROM notification WHERE person = 'owner' AND mail <> ''"
        " AND procurement = :procurement"
    )
    with circle.platform.store.reader() as connection:
        key = str(connection.scalar(query, {"procurement": circle.procurement}))
    handle(ReportMail(key, Outcome.REFUSED, "550"), SYSTEM)
    return key


def commands(circle: Circle) -> Mapping[str, Callable[[str, str], Any]]:
    """By name: the command on a procurement and a task ("" for the procurement as a whole)."""
    with circle.platform.store.reader() as connection:
        seat = people.team(connection, circle.procurement)[0].id
    why = "Fordi."
    lost = lost_mail(circle)
    days = (TODAY + timedelta(days=400)).isoformat(), (TODAY + timedelta(days=401)).isoformat()
    away = circle.platform.act("owner", RegisterAbsence("owner", *days))["absence"]
    call = CallGathering(circle.procurement, "Møte", *HOURS, ("lead",), why)
    met = circle.platform.act("lead", call)["task"]
    said = circle.platform.act("lead", AddComment(circle.procurement, "Hei."))["comment"]
    file = AddAttachment(circle.procurement, "b.txt", "text/plain", b"b")
    put = circle.platform.act("lead", file)["attachment"]
    shared = circle.platform.act("lead", SaveFilter("Mine", {}, TOWN))["filter"]
    return {
        "AddOrganisation": lambda _p, _t: AddOrganisation("new", "Ny", "body", "9", TOWN),
        "AddPerson": lambda _p, _t: AddPerson(TOWN, "Ny", "new", "n@x.test"),
        "SetLetterLanguage": lambda _p, _t: SetLetterLanguage(TOWN, "nn"),
        "GrantRole": lambda _p, _t: GrantRole("stranger", TOWN, "auditor"),
        "RevokeRole": lambda _p, _t: RevokeRole("auditor", TOWN, "auditor"),
        "AdmitPerson": lambda _p, _t: AdmitPerson("entra", "s" * 64, "Ny", "", join=TOWN),
        "LinkIdentity": lambda _p, _t: LinkIdentity("stranger", "entra", "s" * 64),
        "IssueToken": lambda _p, _t: IssueToken("Rapport", ("read",), TODAY, TODAY, "d" * 64),
        "KeepFileText": lambda _p, _t: KeepFileText("0" * 64, ""),
        "RebuildSearch": lambda _p, _t: RebuildSearch(),
        "RevokeToken": lambda _p, _t: RevokeToken("no-token"),
        "DeployProcess": lambda _p, _t: DeployProcess(KEY, small_process(title="Nytt"), TOWN),
        "TakeModel": lambda _p, _t: TakeModel("no-version", TOWN),
        "ShareModel": lambda _p, _t: ShareModel("no-version", TOWN),
        "StopSharingModel": lambda _p, _t: StopSharingModel("no-version", TOWN, "no-item"),
        "StartProcurement": lambda _p, _t: StartProcurement(KEY, "Ny", TOWN, "2030/1", TEAM),
        "SuspendProcurement": lambda p, _t: SuspendProcurement(p, why),
        "ResumeProcurement": lambda p, _t: ResumeProcurement(p, why),
        "CancelProcurement": lambda p, _t: CancelProcurement(p, why),
        "RewindProcurement": lambda p, _t: RewindProcurement(p, 1, why),
        "AddMember": lambda p, _t: AddMember(p, Seat("stranger", "need-owner"), why),
        "AddBuyer": lambda p, _t: AddBuyer(p, ELSEWHERE, why),
        "RemoveBuyer": lambda p, _t: RemoveBuyer(p, ELSEWHERE, why),
        "JudgeSignal": lambda p, _t: JudgeSignal(p, "rd-act", accepted=True),
        "RemoveMember": lambda p, _t: RemoveMember(p, seat, why),
        "EndSeats": lambda p, _t: EndSeats(p),
        "RegisterAbsence": lambda _p, _t: RegisterAbsence("owner", FAR, FAR),
        "BeginAbsence": lambda _p, _t: BeginAbsence("no-absence"),
        "WithdrawAbsence": lambda _p, _t: WithdrawAbsence(away),
        "InviteParticipants": lambda p, _t: InviteParticipants(p, (guest(),), why),
        "MailInvitation": lambda p, _t: MailInvitation(p, "no-invitation"),
        "RevokeInvitation": lambda p, _t: RevokeInvitation(p, "no-invitation", why),
        "RemoveParticipant": lambda p, _t: RemoveParticipant(p, "no-participant", why),
        "UseInvitation": lambda _p, _t: UseInvitation("0" * 64),
        "IdentifyParticipant": lambda _p, _t: IdentifyParticipant("entra", "0" * 64),
        "AskBack": lambda _p, _t: AskBack("no-invitation", "0" * 64),
        "OfferSlots": lambda p, _t: OfferSlots(p, "round", "dialogue", (TIME,)),
        "WithdrawSlot": lambda p, _t: WithdrawSlot(p, "no-slot"),
        "BookSlot": lambda p, _t: BookSlot(p, "no-slot", A),
        "CancelMeeting": lambda p, _t: CancelMeeting(p, "no-meeting", why),
        "HoldMeeting": lambda p, _t: HoldMeeting(p, "no-meeting", START, START, (), ()),
        "OpenIntake": lambda p, _t: OpenIntake(p, "tender"),
        "KeepSealed": lambda p, _t: KeepSealed(p, "no-intake", "d", "d", 0, (b"",)),
        "SubmitDelivery": lambda p, _t: SubmitDelivery(p, "no-intake", "d", ()),
        "WithdrawDelivery": lambda p, _t: WithdrawDelivery(p, "no-delivery"),
        "DropAbandoned": lambda _p, _t: DropAbandoned(),
        "BeginOpening": lambda p, _t: BeginOpening(p, "no-intake"),
        "OpenDeliveries": lambda p, _t: OpenDeliveries(p, "no-opening"),
        "LookUpIdentity": lambda p, _t: LookUpIdentity(p, "no-delivery"),
        "AnswerMinutes": lambda p, _t: AnswerMinutes(p, "no-minutes", confirmed=True),
        "MarkPassage": lambda p, _t: MarkPassage(p, "no-minutes", "1", True, why),
        "SettleMinutes": lambda p, _t: SettleMinutes(p, "no-minutes", why),
        "NoteItem": lambda p, _t: NoteItem(p, A, "Elleve.", START, "phone"),
        "DropItem": lambda p, _t: DropItem(p, "no-item", why),
        "ReleaseInformation": lambda p, _t: ReleaseInformation(p, (Text("Elleve."),)),
        "AskQuestion": lambda p, _t: AskQuestion(p, "Hvor mange?"),
        "AnswerQuestion": lambda p, _t: AnswerQuestion(p, "no-question", (("Når?", "Nå."),)),
        "RefuseQuestion": lambda p, _t: RefuseQuestion(p, "no-question", why),
        "ReleaseAnswers": lambda p, _t: ReleaseAnswers(p),
        "AnswerInquiry": lambda p, _t: AnswerInquiry(p, "no-inquiry", "Svar."),
        "HandDocument": lambda p, _t: HandDocument(p, "a.txt", "text/plain", b"a", A),
        "GiveContribution": lambda p, _t: GiveContribution(p, "need", "Tak.", role="citizen"),
        "MergeContributions": lambda p, _t: MergeContributions(p, ("a", "b"), "Tak.", why),
        "SplitContribution": lambda p, _t: SplitContribution(p, "a", ("En", "To"), why),
        "ModerateContribution": lambda p, _t: ModerateContribution(p, "a", "insult", why),
        "AnswerContribution": lambda p, _t: AnswerContribution(p, "a", "yes", "Takk."),
        "MakeRemark": lambda p, _t: MakeRemark(p, "a", "Enig.", role="citizen"),
        "ModerateRemark": lambda p, _t: ModerateRemark(p, "a", "insult", why),
        "OpenPoll": lambda p, _t: OpenPoll(p, "vote", "Farge", "", (), "consult", 1),
        "CastBallot": lambda p, _t: CastBallot(p, "a", {}, "R" * 16, "citizen"),
        "CountBallots": lambda p, _t: CountBallots(p, "a"),
        "ClosePoll": lambda p, _t: ClosePoll(p, "a", why),
        "ConcludePoll": lambda p, _t: ConcludePoll(p, "a", "yes", "Takk."),
        "AskAccess": lambda p, _t: AskAccess(
            p, "Alfa", "910000004", "Kari", "k@x.test", "in", "3" * 64
        ),
        "SignUp": lambda p, _t: SignUp(
            p, "Alfa", "", "Kari", "k@x.test", 1, False, "", "back", "2" * 64
        ),
        "WithdrawSignUp": lambda p, _t: WithdrawSignUp(p, A, why),
        "DescribeBusiness": lambda p, _t: DescribeBusiness(
            p, A, "small", source="Enhetsregisteret"
        ),
        "GiveInput": lambda p, _t: GiveInput(p, "written", 0, "Hei."),
        "AnswerInput": lambda p, _t: AnswerInput(p, "a", "reject", "Nei."),
        "DrawLots": lambda p, _t: DrawLots(p, "ord", "Kari"),
        "LinkTrace": lambda p, _t: LinkTrace(p, "requirement", "K1", "criterion", "A"),
        "UnlinkTrace": lambda p, _t: UnlinkTrace(p, "no-link", why),
        "LearnLesson": lambda p, _t: LearnLesson(p, KEY, "describe", "Et råd."),
        "WithdrawLesson": lambda p, _t: WithdrawLesson(p, "no-lesson"),
        "ShareMatter": lambda p, _t: ShareMatter(p, "need"),
        "RevokeSharing": lambda p, _t: RevokeSharing(p, "no-item"),
        "ReuseMatter": lambda _p, t: ReuseMatter(t, "no-submission"),
        "SaveFilter own": lambda _p, _t: SaveFilter("Mine", {}),
        "SaveFilter organisation": lambda _p, _t: SaveFilter("Våre", {}, TOWN),
        "SaveFilter procurement": lambda p, _t: SaveFilter("Lagets", {}, "", p),
        "RemoveFilter": lambda _p, _t: RemoveFilter(shared),
        "RememberView": lambda _p, _t: RememberView({}),
        "RetryIncident": lambda p, _t: RetryIncident(p, "no-incident"),
        "ReportMessage": lambda p, _t: ReportMessage(p, "supplier-withdraws", {"why": "Nei."}),
        "FireTimer": lambda p, _t: FireTimer(p, "no-timer"),
        "FireDueTimers": lambda _p, _t: FireDueTimers(1),
        "NoteRules": lambda p, _t: NoteRules(p),
        "ChooseMail": lambda _p, _t: ChooseMail(Preference()),
        "PlanMails": lambda _p, _t: PlanMails(),
        "ClaimMails": lambda _p, _t: ClaimMails(),
        "PlanAppointments": lambda _p, _t: PlanAppointments(),
        "NoteReturn": lambda _p, _t: NoteReturn("no-mail", "550"),
        "ResendMail": lambda _p, _t: ResendMail(lost),
        "ReportMail": lambda _p, _t: ReportMail("no-mail", Outcome.SENT),
        "MarkRead": lambda _p, _t: MarkRead(up_to=1),
        "Remind": lambda p, _t: Remind(p, "no-task", Occasion.OVERDUE, START),
        "CountUse": lambda p, _t: CountUse(p),
        "MarkDispatched": lambda p, _t: MarkDispatched(p, "no-letter"),
        "ClaimTask": lambda _p, t: ClaimTask(t),
        "ReleaseTask": lambda _p, t: ReleaseTask(t),
        "DelegateTask": lambda _p, t: DelegateTask(t, "owner-2"),
        "GiveTaskBack": lambda _p, t: GiveTaskBack(t),
        "AssignTask": lambda _p, t: AssignTask(t, "owner-2", why),
        "AddTask": lambda p, _t: AddTask(p, "Ring", why, assignee="lead"),
        "RecordDecision": lambda p, _t: RecordDecision(p, "To møter", why),
        "CallGathering": lambda p, _t: CallGathering(p, "Møte", *HOURS, ("lead",), why),
        "MoveGathering": lambda p, _t: MoveGathering(p, met, *HOURS, ("lead",), why),
        "WithdrawAddedTask": lambda p, _t: WithdrawAddedTask(p, met, why),
        "MoveTaskDue": lambda _p, t: MoveTaskDue(t, "2099-01-02T12:00", why),
        "ClaimTasks": lambda _p, t: ClaimTasks((t,)),
        "ReleaseTasks": lambda _p, t: ReleaseTasks((t,)),
        "AssignTasks": lambda _p, t: AssignTasks((t,), "owner-2", why),
        "DelegateTasks": lambda _p, t: DelegateTasks((t,), "owner-2"),
        "PutTasksBack": lambda _p, t: PutTasksBack((t,)),
        "CommentOnTasks": lambda _p, t: CommentOnTasks((t,), "Hei."),
        "LookAtTask": lambda _p, t: LookAtTask(t, "a-window"),
        "SaveDraft": lambda _p, t: SaveDraft(t, {"note": "Utkast"}),
        "CompleteTask": lambda _p, t: CompleteTask(t, {}),
        "ConfirmDecision": lambda _p, t: ConfirmDecision(t),
        "ReturnDecision": lambda _p, t: ReturnDecision(t, why),
        "AddComment": lambda p, t: AddComment(p, "Hei.", t),
        "WithdrawComment": lambda p, _t: WithdrawComment(p, said),
        "WithdrawAttachment": lambda p, _t: WithdrawAttachment(p, put),
        "AddAttachment": lambda p, t: AddAttachment(p, "a.txt", "text/plain", b"a", t),
    }


Make = Callable[[str, str], Any]


def _maker(make: Mapping[str, Make], row: Mapping[str, str]) -> Make:
    """A command may be another on each kind of object."""
    return make.get(f"{row['command']} {row['object']}") or make[row["command"]]


def outcome(circle: Circle, command: Any, actor: Actor) -> str:
    """What happens, in a transaction that is rolled back."""
    store, environment = circle.platform.store, circle.platform.bus.environment
    with store.database.connect() as connection:
        transaction = connection.begin()
        work = UnitOfWork(connection, store.signer)
        session = Session(work, environment, actor, circle.platform.clock.now(), "")
        answer = _answer(partial(HANDLERS[type(command)], command, session), command)
        transaction.rollback()
    return answer


def _answer(handle: Callable[[], Any], command: Any) -> str:
    try:
        handle()
    except ForbiddenError:
        return "forbidden"
    except BulkRefusedError as error:
        [(_, _, refusal)] = error.refused
        return "forbidden" if isinstance(refusal, ForbiddenError) else "allowed"
    except NotFoundError as error:
        named = {str(value) for name, value in asdict(command).items() if name in _OBJECTS}
        named |= {str(key) for key in getattr(command, "tasks", ())}
        if isinstance(command, ResendMail):
            named.add(command.mail)
        return "not-found" if error.details["key"] in named else "allowed"
    except EngineError:
        return "allowed"
    return "allowed"


_OBJECTS: Final = ("procurement", "task", "organisation")


def test_the_table_speaks_of_every_command() -> None:
    table = {row["command"] for row in read_table()}

    assert table == {command.__name__ for command in HANDLERS}


def test_everybody_may_do_what_the_table_says_and_nothing_else(circle: Circle) -> None:
    rows = read_table()
    make = commands(circle)
    principals = [name for name in rows[0] if name not in ("command", "object")]
    actors = {name: circle.actor(name) for name in principals}

    wrong = []
    for row in rows:
        task = circle.tasks.get(row["object"])
        of = task.procurement if task else circle.procurement
        command = _maker(make, row)(of, task.id if task else "")
        for name in principals:
            found = outcome(circle, command, actors[name])
            if found != row[name]:
                wrong.append(f"{row['command']} on {row['object']} by {name}: {found}")

    assert {row[name] for row in rows for name in principals} == OUTCOMES
    assert wrong == []


def test_a_refusal_looks_the_same_whether_or_not_the_thing_is_there(circle: Circle) -> None:
    make = commands(circle)
    stranger = circle.actor("stranger")

    told = set()
    for row in read_table():
        task = circle.tasks.get(row["object"])
        if row["object"] in ("organisation", "secret", "own", "mail", "lost"):
            continue
        of = task.procurement if task else circle.procurement
        there = _refusal(circle, _maker(make, row)(of, task.id if task else ""), stranger)
        absent = _maker(make, row)("absent", "absent" if task else "")
        gone = _refusal(circle, absent, stranger)
        real = task.id if task and "task" in there else of
        if there.replace(real, "absent") != gone:
            told.add((row["command"], there, gone))

    assert told == set()


def _refusal(circle: Circle, command: Any, actor: Actor) -> str:
    with pytest.raises(NotFoundError) as refusal:
        circle.platform.bus.handle(command, actor)
    return str(refusal.value)
