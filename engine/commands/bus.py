"""The one door into the engine for anything that changes it."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final, TypeVar

import orjson

from engine.commands import (
    absences,
    added_tasks,
    applications,
    appointments,
    assignment,
    attachments,
    ballots,
    bulk,
    businesses,
    buyers,
    comments,
    contributions,
    decisions,
    deliveries,
    deployments,
    discussion,
    drafts,
    due,
    filters,
    handing,
    identities,
    incidents,
    inquiries,
    intakes,
    knowledge,
    mails,
    market,
    meetings,
    messages,
    minutes,
    notifications,
    openings,
    organisations,
    outbox,
    participants,
    polls,
    procurements,
    questions,
    recorded_decisions,
    rewind,
    rule_changes,
    search,
    sharing,
    signals,
    tasks,
    team,
    timers,
    tokens,
    usage,
)
from engine.commands.environment import Answer, Environment, Session
from engine.errors import EngineError
from engine.model.actor import Actor
from engine.store import requests
from engine.store.requests import Request
from engine.store.unit_of_work import Store

Command = (
    organisations.AddOrganisation
    | organisations.AddPerson
    | organisations.SetLetterLanguage
    | organisations.GrantRole
    | organisations.RevokeRole
    | identities.AdmitPerson
    | identities.LinkIdentity
    | tokens.IssueToken
    | tokens.RevokeToken
    | search.RebuildSearch
    | search.KeepFileText
    | deployments.DeployProcess
    | deployments.TakeModel
    | deployments.ShareModel
    | deployments.StopSharingModel
    | procurements.StartProcurement
    | procurements.SuspendProcurement
    | procurements.ResumeProcurement
    | procurements.CancelProcurement
    | rewind.RewindProcurement
    | buyers.AddBuyer
    | buyers.RemoveBuyer
    | signals.JudgeSignal
    | team.AddMember
    | team.RemoveMember
    | team.EndSeats
    | absences.RegisterAbsence
    | absences.BeginAbsence
    | absences.WithdrawAbsence
    | contributions.GiveContribution
    | contributions.MergeContributions
    | contributions.SplitContribution
    | contributions.ModerateContribution
    | contributions.AnswerContribution
    | discussion.MakeRemark
    | discussion.ModerateRemark
    | polls.OpenPoll
    | ballots.CastBallot
    | ballots.CountBallots
    | businesses.DescribeBusiness
    | polls.ClosePoll
    | polls.ConcludePoll
    | applications.AskAccess
    | market.SignUp
    | market.WithdrawSignUp
    | market.GiveInput
    | market.AnswerInput
    | market.DrawLots
    | contributions.LinkTrace
    | contributions.UnlinkTrace
    | meetings.OfferSlots
    | meetings.WithdrawSlot
    | meetings.BookSlot
    | meetings.CancelMeeting
    | meetings.HoldMeeting
    | knowledge.LearnLesson
    | knowledge.WithdrawLesson
    | knowledge.ShareMatter
    | knowledge.RevokeSharing
    | knowledge.ReuseMatter
    | minutes.AnswerMinutes
    | minutes.MarkPassage
    | minutes.SettleMinutes
    | sharing.NoteItem
    | sharing.DropItem
    | sharing.ReleaseInformation
    | questions.AskQuestion
    | questions.AnswerQuestion
    | questions.RefuseQuestion
    | questions.ReleaseAnswers
    | handing.HandDocument
    | inquiries.AnswerInquiry
    | participants.InviteParticipants
    | participants.MailInvitation
    | participants.RevokeInvitation
    | participants.RemoveParticipant
    | participants.UseInvitation
    | participants.IdentifyParticipant
    | participants.AskBack
    | intakes.OpenIntake
    | deliveries.KeepSealed
    | deliveries.SubmitDelivery
    | deliveries.WithdrawDelivery
    | deliveries.DropAbandoned
    | openings.BeginOpening
    | openings.OpenDeliveries
    | openings.LookUpIdentity
    | tasks.ClaimTask
    | tasks.ReleaseTask
    | tasks.DelegateTask
    | tasks.GiveTaskBack
    | assignment.AssignTask
    | due.MoveTaskDue
    | added_tasks.AddTask
    | added_tasks.CallGathering
    | added_tasks.MoveGathering
    | added_tasks.WithdrawAddedTask
    | filters.SaveFilter
    | filters.RemoveFilter
    | filters.RememberView
    | drafts.SaveDraft
    | drafts.LookAtTask
    | tasks.CompleteTask
    | bulk.ClaimTasks
    | bulk.ReleaseTasks
    | bulk.AssignTasks
    | bulk.DelegateTasks
    | bulk.CommentOnTasks
    | bulk.PutTasksBack
    | decisions.ConfirmDecision
    | decisions.ReturnDecision
    | recorded_decisions.RecordDecision
    | comments.AddComment
    | comments.WithdrawComment
    | attachments.WithdrawAttachment
    | attachments.AddAttachment
    | messages.ReportMessage
    | timers.FireTimer
    | timers.FireDueTimers
    | rule_changes.NoteRules
    | incidents.RetryIncident
    | outbox.MarkDispatched
    | usage.CountUse
    | notifications.MarkRead
    | mails.ChooseMail
    | mails.PlanMails
    | mails.ClaimMails
    | mails.ReportMail
    | mails.ResendMail
    | mails.NoteReturn
    | appointments.PlanAppointments
    | notifications.Remind
)

HANDLERS: Final[Mapping[type, Callable[[Any, Session], Answer]]] = {
    organisations.AddOrganisation: organisations.add_organisation,
    organisations.AddPerson: organisations.add_person,
    organisations.SetLetterLanguage: organisations.set_letter_language,
    organisations.GrantRole: organisations.grant_role,
    organisations.RevokeRole: organisations.revoke_role,
    identities.AdmitPerson: identities.admit_person,
    identities.LinkIdentity: identities.link_identity,
    tokens.IssueToken: tokens.issue_token,
    tokens.RevokeToken: tokens.revoke_token,
    search.RebuildSearch: search.rebuild_search,
    search.KeepFileText: search.keep_file_text,
    deployments.DeployProcess: deployments.deploy_process,
    deployments.TakeModel: deployments.take_model,
    deployments.ShareModel: deployments.share_model,
    deployments.StopSharingModel: deployments.stop_sharing_model,
    procurements.StartProcurement: procurements.start_procurement,
    procurements.SuspendProcurement: procurements.suspend_procurement,
    procurements.ResumeProcurement: procurements.resume_procurement,
    procurements.CancelProcurement: procurements.cancel_procurement,
    rewind.RewindProcurement: rewind.rewind_procurement,
    buyers.AddBuyer: buyers.add_buyer,
    buyers.RemoveBuyer: buyers.remove_buyer,
    signals.JudgeSignal: signals.judge_signal,
    team.AddMember: team.add_member,
    team.RemoveMember: team.remove_member,
    team.EndSeats: team.end_seats,
    absences.RegisterAbsence: absences.register_absence,
    absences.BeginAbsence: absences.begin_absence,
    absences.WithdrawAbsence: absences.withdraw_absence,
    contributions.GiveContribution: contributions.give_contribution,
    contributions.MergeContributions: contributions.merge_contributions,
    contributions.SplitContribution: contributions.split_contribution,
    contributions.ModerateContribution: contributions.moderate_contribution,
    contributions.AnswerContribution: contributions.answer_contribution,
    discussion.MakeRemark: discussion.make_remark,
    discussion.ModerateRemark: discussion.moderate_remark,
    polls.OpenPoll: polls.open_poll,
    ballots.CastBallot: ballots.cast_ballot,
    ballots.CountBallots: ballots.count_ballots,
    businesses.DescribeBusiness: businesses.describe_business,
    polls.ClosePoll: polls.close_poll,
    polls.ConcludePoll: polls.conclude_poll,
    applications.AskAccess: applications.ask_access,
    market.SignUp: market.sign_up,
    market.WithdrawSignUp: market.withdraw_sign_up,
    market.GiveInput: market.give_input,
    market.AnswerInput: market.answer_input,
    market.DrawLots: market.draw_lots,
    contributions.LinkTrace: contributions.link_trace,
    contributions.UnlinkTrace: contributions.unlink_trace,
    meetings.OfferSlots: meetings.offer_slots,
    meetings.WithdrawSlot: meetings.withdraw_slot,
    meetings.BookSlot: meetings.book_slot,
    meetings.CancelMeeting: meetings.cancel_meeting,
    meetings.HoldMeeting: meetings.hold_meeting,
    knowledge.LearnLesson: knowledge.learn_lesson,
    knowledge.WithdrawLesson: knowledge.withdraw_lesson,
    knowledge.ShareMatter: knowledge.share_matter,
    knowledge.RevokeSharing: knowledge.revoke_sharing,
    knowledge.ReuseMatter: knowledge.reuse_matter,
    minutes.AnswerMinutes: minutes.answer_minutes,
    minutes.MarkPassage: minutes.mark_passage,
    minutes.SettleMinutes: minutes.settle_minutes,
    sharing.NoteItem: sharing.note_item,
    sharing.DropItem: sharing.drop_item,
    sharing.ReleaseInformation: sharing.release_information,
    questions.AskQuestion: questions.ask_question,
    questions.AnswerQuestion: questions.answer_question,
    questions.RefuseQuestion: questions.refuse_question,
    questions.ReleaseAnswers: questions.release_answers,
    handing.HandDocument: handing.hand_document,
    inquiries.AnswerInquiry: inquiries.answer_inquiry,
    participants.InviteParticipants: participants.invite_participants,
    participants.MailInvitation: participants.send_invitation,
    participants.RevokeInvitation: participants.revoke_invitation,
    participants.RemoveParticipant: participants.remove_participant,
    participants.UseInvitation: participants.use_invitation,
    participants.IdentifyParticipant: participants.identify_participant,
    participants.AskBack: participants.ask_back,
    intakes.OpenIntake: intakes.open_intake,
    deliveries.KeepSealed: deliveries.keep_sealed,
    deliveries.SubmitDelivery: deliveries.submit_delivery,
    deliveries.WithdrawDelivery: deliveries.withdraw_delivery,
    deliveries.DropAbandoned: deliveries.drop_abandoned,
    openings.BeginOpening: openings.begin_opening,
    openings.OpenDeliveries: openings.open_deliveries,
    openings.LookUpIdentity: openings.look_up_identity,
    tasks.ClaimTask: tasks.claim_task,
    tasks.ReleaseTask: tasks.release_task,
    tasks.DelegateTask: tasks.delegate_task,
    tasks.GiveTaskBack: tasks.give_task_back,
    assignment.AssignTask: assignment.assign_task,
    due.MoveTaskDue: due.move_task_due,
    added_tasks.AddTask: added_tasks.add_task,
    added_tasks.CallGathering: added_tasks.call_gathering,
    added_tasks.MoveGathering: added_tasks.move_gathering,
    added_tasks.WithdrawAddedTask: added_tasks.withdraw_added_task,
    filters.SaveFilter: filters.save_filter,
    filters.RemoveFilter: filters.remove_filter,
    filters.RememberView: filters.remember_view,
    drafts.SaveDraft: drafts.save_draft,
    drafts.LookAtTask: drafts.look_at_task,
    tasks.CompleteTask: tasks.complete_task,
    bulk.ClaimTasks: bulk.claim_tasks,
    bulk.ReleaseTasks: bulk.release_tasks,
    bulk.AssignTasks: bulk.assign_tasks,
    bulk.DelegateTasks: bulk.delegate_tasks,
    bulk.CommentOnTasks: bulk.comment_on_tasks,
    bulk.PutTasksBack: bulk.put_tasks_back,
    decisions.ConfirmDecision: decisions.confirm_decision,
    decisions.ReturnDecision: decisions.return_decision,
    recorded_decisions.RecordDecision: recorded_decisions.record_decision,
    comments.AddComment: comments.add_comment,
    comments.WithdrawComment: comments.withdraw_comment,
    attachments.AddAttachment: attachments.add_attachment,
    attachments.WithdrawAttachment: attachments.withdraw_attachment,
    messages.ReportMessage: messages.report_message,
    timers.FireTimer: timers.fire_timer,
    timers.FireDueTimers: timers.fire_due_timers,
    rule_changes.NoteRules: rule_changes.note_rules,
    incidents.RetryIncident: incidents.retry_incident,
    outbox.MarkDispatched: outbox.mark_dispatched,
    usage.CountUse: usage.count_use,
    notifications.MarkRead: notifications.mark_read,
    mails.ChooseMail: mails.choose_mail,
    mails.PlanMails: mails.plan_mails,
    mails.ClaimMails: mails.claim_mails,
    mails.ReportMail: mails.report_mail,
    mails.ResendMail: mails.resend_mail,
    mails.NoteReturn: mails.note_return,
    appointments.PlanAppointments: appointments.plan_appointments,
    notifications.Remind: notifications.remind,
}


Looked = TypeVar("Looked")


class CommandBus:
    """Runs commands, each in one transaction that is committed before the answer goes out."""

    def __init__(self, store: Store, environment: Environment) -> None:
        self.store = store
        self.environment = environment

    def handle(self, command: Command, actor: Actor, *, request: str = "") -> Answer:
        """Run `command` for `actor`.

        The same `request` id by the same actor has one effect and gets the same answer each time.
        Raises the engine's errors; nothing is changed then.
        """
        content = _fingerprint(command) if request else ""
        asked = Request(request, actor.id, type(command).__name__, content)
        try:
            return self._run(command, actor, asked)
        except EngineError:
            # A request that comes again is refused, by what it asks for or by its id: rare enough
            # that only then is it worth looking for the answer it was given.
            known = self._answered(asked)
            if known is None:
                raise
            return known

    def rehearse(self, command: Command, actor: Actor) -> Answer:
        """What `handle` would answer at this moment; nothing of it is kept.

        Raises what `handle` would raise.
        """
        return self.look_ahead(command, actor, lambda answer, _connection: answer)

    def look_ahead(
        self, command: Command, actor: Actor, look: Callable[[Answer, Any], Looked]
    ) -> Looked:
        """What `look` finds in the answer and on the database as they would be after `handle`.

        Raises what `handle` would raise; nothing is kept.
        """
        with self.store.rehearsal() as work:
            session = Session(work, self.environment, actor, self.environment.clock.now(), "")
            answer = HANDLERS[type(command)](command, session)
            work.finish()
            return look(answer, work.connection)

    def _run(self, command: Command, actor: Actor, asked: Request) -> Answer:
        with self.store.unit_of_work() as work:
            session = Session(work, self.environment, actor, self.environment.clock.now(), asked.id)
            answer = HANDLERS[type(command)](command, session)
            if asked.id:
                requests.keep_answer(work, asked, answer, session.now)
            return answer

    def _answered(self, asked: Request) -> Answer | None:
        if not asked.id:
            return None
        with self.store.reader() as connection:
            return requests.find_answer(connection, asked)


def _fingerprint(command: Command) -> str:
    content = orjson.dumps(
        [type(command).__name__, command],
        option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
        default=lambda value: sha256(value).hexdigest() if isinstance(value, bytes) else str(value),
    )
    return sha256(content).hexdigest()
