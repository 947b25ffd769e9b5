"""Every rule a deployment must satisfy: stable id, severity, what is wrong, what to do instead.

`docs/lint.md` shows this table. A finding of severity error blocks the deployment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from engine.bpmn.lint.law.table import LAW
from engine.finding import Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """`reason` is a sentence without its full stop, so that the finding can add the detail."""

    id: str
    severity: Literal["error", "warning"]
    reason: str
    remedy: str


def _error(rule: str, reason: str, remedy: str) -> Rule:
    return Rule(rule, "error", reason, remedy)


def _warning(rule: str, reason: str, remedy: str) -> Rule:
    return Rule(rule, "warning", reason, remedy)


FILE_RULES: Final = (
    _error(
        "xml-not-well-formed",
        "The file is not well-formed XML",
        "Open it in a BPMN tool and save it again.",
    ),
    _error(
        "xml-doctype",
        "The file has a document type declaration (DOCTYPE), which can hide attacks",
        "Remove the DOCTYPE; BPMN and DMN do not need one.",
    ),
    _error(
        "file-too-large",
        "The file is larger than the platform reads",
        "Split the process with call activities.",
    ),
    _error(
        "xml-too-deep",
        "The file is nested deeper than the platform reads",
        "Move inner sub-processes out into called processes.",
    ),
    _error(
        "json-not-valid",
        "The file is not valid JSON",
        "Correct it at the line that is named.",
    ),
    _error(
        "not-bpmn",
        "The file is not a BPMN 2.0 definition",
        "Save it as BPMN 2.0 XML with the root element `definitions`.",
    ),
    _error(
        "one-process-per-file",
        "A file must hold exactly one executable process",
        "Give each process a folder of its own and call it with a call activity.",
    ),
    _error(
        "process-key",
        "The id of the process must be the name of its file and its folder",
        "Rename the process or the file.",
    ),
    _error(
        "process-too-large",
        "The process is larger than the platform checks and people can read",
        "Split it with call activities.",
    ),
    _error(
        "process-not-executable",
        'The process does not say isExecutable="true"',
        "Set isExecutable to true, or leave the file out.",
    ),
    _error(
        "no-root-process",
        "It is not clear which process the deployment is for",
        "Deploy one folder at a time, or give the key of the process.",
    ),
    _error(
        "file-missing",
        "The deployment lacks a file it needs",
        "Add the file, or correct the path.",
    ),
    _error(
        "file-not-used",
        "The deployment holds a file of a kind that cannot run",
        "Leave it out of the folder: only models, decision tables, forms and their texts.",
    ),
)

STRUCTURE_RULES: Final = (
    _error("id-missing", "An element has no id", "Give it a readable id in kebab-case."),
    _error(
        "id-not-unique",
        "Two elements of the file have the same id",
        "Give each element an id of its own.",
    ),
    _error(
        "id-reserved",
        "The id has a meaning of its own inside the engine, which would end or break the process",
        "Choose another id, for instance `need-started` instead of `Start`.",
    ),
    _warning(
        "id-not-kebab-case",
        "The id cannot be read by people",
        "Use words in kebab-case, for instance `describe-need`.",
    ),
    _error(
        "reference-dangling",
        "The element refers to something that does not exist",
        "Draw it again in a BPMN tool, or correct the id.",
    ),
    _error(
        "flow-crosses-border",
        "A sequence flow leaves its sub-process or process",
        "Let the flow end inside, and continue from the sub-process itself.",
    ),
    _error(
        "start-missing",
        "There is no start event",
        "Begin every process and sub-process with one start event.",
    ),
    _error(
        "start-not-single",
        "There is more than one start event where only one works",
        "Keep one start event, and split with a gateway after it.",
    ),
    _error(
        "start-not-plain",
        "A called process or sub-process can only begin with a plain start event",
        "Use a plain start event, and put a catch event after it.",
    ),
    _error(
        "end-missing",
        "There is no end event",
        "Let every path of the process or sub-process end in an end event.",
    ),
    _error(
        "node-unreachable",
        "No path from the start leads to the element: it would never run",
        "Draw a sequence flow to it, or delete it.",
    ),
    _error(
        "node-dead-end",
        "The path stops at an element that is not an end event",
        "Draw a sequence flow onwards, or an end event after it.",
    ),
    _error(
        "no-way-to-end",
        "No path leads from the element to an end",
        "Give the loop a way out.",
    ),
    _error(
        "start-has-incoming",
        "A sequence flow leads into a start event",
        "Lead the flow to the element after the start.",
    ),
    _error(
        "end-has-outgoing",
        "A sequence flow leads out of an end event",
        "Use an intermediate event where the path goes on.",
    ),
    _error(
        "boundary-has-incoming",
        "A sequence flow leads into a boundary event",
        "Lead the flow to the activity the event is attached to.",
    ),
    _error(
        "pool-with-process",
        "The file has a second pool with a process of its own",
        "Keep one pool; let the other process have its own folder and be called or messaged.",
    ),
    _warning(
        "pool-only-drawn",
        "A pool without a process and its message flows are only drawn: they do nothing",
        "Nothing, if that is what you mean; else use message events.",
    ),
    _warning(
        "lanes-missing",
        "The process has no lanes, so that nobody is given its tasks",
        "Draw one lane per role.",
    ),
    _error(
        "diagram-missing",
        "The file has no diagram, so that nobody can see where a procurement is",
        "Open it in a BPMN tool and lay it out.",
    ),
    _error(
        "diagram-invalid",
        "The diagram has a place that is no place in a picture",
        "Lay the model out again in a BPMN tool.",
    ),
    _warning(
        "shape-missing",
        "The element is not drawn in the diagram",
        "Open the model in a BPMN tool and place it.",
    ),
)

ELEMENT_RULES: Final = (
    _error(
        "element-unknown",
        "The element is not one of BPMN that the platform knows",
        "Use one of docs/elements.md.",
    ),
    _error(
        "element-not-supported",
        "The element cannot be run rightly",
        "Use another element of docs/elements.md.",
    ),
    _error(
        "complex-gateway",
        "A complex gateway cannot be run",
        "Use exclusive, parallel or inclusive gateways.",
    ),
    _error(
        "implicit-split",
        "Two sequence flows leave an element that is not a gateway",
        "Put a parallel gateway after it, or an exclusive one if only one path is to be taken.",
    ),
    _error(
        "condition-without-choice",
        "A condition stands on a flow where there is nothing to choose: it would be ignored",
        "Remove the condition, or put an exclusive gateway before the flow.",
    ),
    _error(
        "event-gateway-target",
        "Something other than a catching event or receive task follows an event-based gateway",
        "Let only message, timer, signal and conditional catch events follow it.",
    ),
    _error(
        "event-gateway-instantiates",
        "An event-based gateway cannot start a process",
        "Start with a message start event.",
    ),
    _error(
        "compensation",
        "Compensation is not carried out: records are corrected by new facts",
        "Draw the corrective steps as an ordinary path after an error or escalation event.",
    ),
    _error(
        "link-event",
        "The other end of a link is out of sight of those who read the model",
        "Draw the sequence flow, or move the rest into a sub-process.",
    ),
    _error(
        "event-sub-process",
        "Where an event sub-process applies is out of sight of those who read the model",
        "Use a boundary event on an enclosing sub-process.",
    ),
    _error(
        "ad-hoc-sub-process",
        "An ad-hoc sub-process cannot be run",
        "Use a sub-process with parallel paths, or an inclusive gateway.",
    ),
    _error(
        "transaction",
        "A transaction sub-process has no compensation here",
        "Use an ordinary sub-process with an error boundary event.",
    ),
    _error(
        "cancel-event",
        "A cancel event belongs to transactions, which are not carried out",
        "Use an error or escalation event.",
    ),
    _error(
        "event-multiple",
        "An event waits for more than one thing",
        "Use an event-based gateway with one event per thing.",
    ),
    _error(
        "data-element",
        "Data objects, data stores and input/output specifications do not carry data here",
        "Declare a `pivotal:variable`; keep records in forms. Notes can be text annotations.",
    ),
    _error(
        "script",
        "The model holds program code, and no code from a model is ever run",
        "Use a FEEL expression in a `pivotal:output`, or a service task with an operation.",
    ),
    _error(
        "cycle-timer",
        "A repeating timer is allowed only on a boundary event that does not interrupt",
        "Use a duration, or draw the repetition as a loop.",
    ),
    _error(
        "instantiate",
        "A receive task cannot start a process",
        "Use a message start event.",
    ),
    _error(
        "loop-without-collection",
        "A multi-instance activity does not say what it runs over",
        "Add `pivotal:loop` with collection and item.",
    ),
    _error(
        "loop-without-marker",
        "`pivotal:loop` stands on an activity that is not multi-instance",
        "Add the multi-instance marker in the BPMN tool.",
    ),
    _error(
        "loop-own-data",
        "The multi-instance marker has settings that the platform does not read",
        "Keep only `isSequential`; say the rest in `pivotal:loop`.",
    ),
    _error(
        "loop-never-ends",
        "A standard loop has neither a condition nor a maximum",
        "Give it a loop condition in FEEL or loopMaximum.",
    ),
    _error(
        "interface-missing",
        "The event does not name its message, signal, error or escalation",
        "Choose one in the BPMN tool.",
    ),
    _warning(
        "throw-not-caught",
        "An error, escalation or signal is thrown, and nothing in the deployment catches it",
        "Attach a boundary event to an activity around it, or to the call activity outside.",
    ),
    _warning(
        "catch-never-thrown",
        "An event catches an error or escalation that nothing in the deployment throws",
        "Delete it, or correct the code.",
    ),
    _warning(
        "message-unused",
        "A message is defined, but no event or task uses it",
        "Delete it, or choose it in the event that is meant.",
    ),
    _warning(
        "gateway-mismatch",
        "A parallel gateway joins paths of an exclusive choice, so it may wait for ever",
        "Join them with an exclusive gateway.",
    ),
    _warning(
        "gateway-without-choice",
        "A gateway has one way in and one way out",
        "Delete it.",
    ),
)

WORK_RULES: Final = (
    _error(
        "extension-unknown",
        "An element of our namespace is not known or stands where it means nothing",
        "See docs/modelling.md for what can stand here.",
    ),
    _error(
        "extension-attribute",
        "An attribute in our namespace is unknown, missing or has a value that cannot be used",
        "See docs/modelling.md.",
    ),
    _error(
        "spiff-extension",
        "The extension of SpiffWorkflow is not read here and would be ignored",
        "Keep only form file names and instructions; say the rest in the `pivotal` namespace.",
    ),
    _error(
        "task-without-work",
        "A task for people has neither a form nor a gate",
        "Give it a form file or a `pivotal:gate`.",
    ),
    _error(
        "task-without-role",
        "A task for people lies in no lane with a role: nobody would see it",
        "Place it in a lane that has a `pivotal:role`.",
    ),
    _error(
        "lane-without-role",
        "A lane does not say which role it stands for",
        "Add `pivotal:role` to the lane.",
    ),
    _error(
        "role-unknown",
        "The role is not one of the platform",
        "Use a role of docs/modelling.md.",
    ),
    _error(
        "phase-unknown",
        "The phase is not declared in the process",
        "Add `pivotal:phase` to the process, or correct the reference.",
    ),
    _error(
        "gate-decision",
        "The decision is not one of the catalogue",
        "Use D1 to D15.",
    ),
    _error(
        "gate-check-unknown",
        "The check is not a rule of the platform",
        "Use a rule id of docs/rules.md.",
    ),
    _error(
        "gate-options",
        "A gate must have at least two options with different values",
        "Add a `pivotal:option` for every answer.",
    ),
    _error(
        "gate-cannot-refuse",
        "Every option of the gate opens it: it cannot be refused",
        'Add an option without opens="true" for sending back or stopping.',
    ),
    _error(
        "gate-never-opens",
        "No option opens the gate, although it has checks or a second person",
        'Mark the option that lets the process go on with opens="true".',
    ),
    _error(
        "gate-without-gateway",
        "A gate is not followed by an exclusive gateway",
        "Let the one flow out of the gate lead straight to an exclusive gateway.",
    ),
    _error(
        "gate-option-without-flow",
        "No flow of the gateway after the gate is taken for one of its options",
        "Add a flow whose condition names the option, or a default flow.",
    ),
    _error(
        "gate-flow-without-option",
        "A condition compares the gate's variable with something that is none of its options",
        "Correct the value, or add the option to the gate.",
    ),
    _error(
        "separation-unknown",
        "Separation of duties names a task that is not in the process",
        "Name ids of user tasks of the same process.",
    ),
    _error(
        "withhold-unknown",
        "A task withholds a field of a form that no task of the process fills in",
        "Name the key of a form that is handed in within the same process.",
    ),
    _error(
        "prefill-unknown",
        "A task says what a field begins with that its form does not have, or says it twice",
        "Name a field at the top of the task's form, once.",
    ),
    _error(
        "seal-of-other-role",
        "A task is sealed for a role that does not do it, or asks another to confirm it",
        "Draw the task in the lane of the role that it is sealed for, and keep others out of it.",
    ),
    _error(
        "group-unknown",
        "The group of participants is not known",
        "Use employee, union-representative, safety-representative, citizen or facilitator.",
    ),
    _error(
        "form-missing",
        "The form does not exist",
        "Add forms/<key>.schema.json, or correct the name.",
    ),
    _error(
        "form-ui",
        "The UI file does not fit the form",
        "Name the `.ui.json` of the same form, and only fields it has.",
    ),
    _error(
        "operation-missing",
        "A service or send task names no operation: it would do nothing",
        "Add `pivotal:operation`.",
    ),
    _error(
        "operation-unknown",
        "The operation is not one of the platform",
        "Use one of docs/modelling.md.",
    ),
    _error(
        "operation-input",
        "The inputs do not fit the operation",
        "Give every input of docs/modelling.md once, and no other.",
    ),
    _error(
        "decision-missing",
        "A business rule task does not name its decision and result",
        "Add `pivotal:decision` with ref and result.",
    ),
    _error(
        "decision-unknown",
        "The decision is in no decision table of the deployment",
        "Put the `.dmn` file into the folder of the process, or correct the id.",
    ),
    _warning(
        "answer-unnamed",
        "The table answers with a word that people would read as a code",
        "Add `pivotal:answer` with value and name under `pivotal:decision`.",
    ),
    _error(
        "answer-unknown",
        "A name is given to an answer that the table never gives",
        "Correct the value, or take the name away.",
    ),
    _error(
        "decision-invalid",
        "The decision table cannot be read or compiled",
        "Correct it at the place that is named.",
    ),
    _error(
        "called-process-missing",
        "The called process is not in the deployment",
        "Put it into a sibling folder with its key as name.",
    ),
    _error(
        "message-without-extension",
        "A message does not say who may report it",
        "Add `pivotal:message` with title and roles.",
    ),
    _error(
        "message-name",
        "A message has no name, or two messages have the same",
        "Give each message of the process a name of its own in kebab-case.",
    ),
    _error(
        "message-not-correlated",
        "A message is awaited in several branches but does not say how to tell them apart",
        'Add correlate, for instance correlate="supplier.id".',
    ),
)

EXPRESSION_RULES: Final = (
    _error(
        "expression-invalid",
        "The expression is not valid FEEL",
        "Correct it at the place that is named; see docs/feel.md.",
    ),
    _error(
        "expression-missing",
        "An expression is missing",
        "Write one, or remove the element.",
    ),
    _error(
        "expression-language",
        "The expression says it is in another language than FEEL",
        "Write it in FEEL and remove the language.",
    ),
    _error(
        "name-unknown",
        "The expression uses a name that nothing gives a value",
        "Declare a `pivotal:variable`, or correct the spelling.",
    ),
    _error(
        "variable-unknown",
        "A value is put into a variable that is not declared",
        "Add `pivotal:variable` to the process, or correct the spelling.",
    ),
    _error(
        "variable-declared-twice",
        "A variable is declared twice or has the name of one that is always there",
        "Keep one declaration.",
    ),
    _error(
        "variable-name",
        "The name of a variable cannot be used in every expression",
        "Use letters, digits and underscores, for instance `need_outcome`.",
    ),
    _error(
        "variable-type",
        "The type of the variable is not known",
        "Use string, number, boolean, date, date-time, list or context.",
    ),
    _warning(
        "variable-conflict",
        "The variable is declared differently in another process of the deployment",
        "Give both the same type and the same initial value: it is one variable.",
    ),
    _warning(
        "variable-shadowed",
        "The item of a loop has the name of a variable or of an outer item",
        "Give the item another name.",
    ),
    _warning(
        "variable-unused",
        "A variable is declared, but no expression reads it and nothing sets it",
        "Delete the declaration.",
    ),
    _error(
        "timer-invalid",
        "The timer is neither ISO 8601 nor a valid expression",
        "Write for instance P10D, 2026-09-01T12:00:00+02:00, a variable or time_limit(…).",
    ),
    _error(
        "due-invalid",
        "The due date is neither a period, a rule nor a valid expression",
        'Write value="P14D", or rule and from.',
    ),
    _error(
        "time-limit-unknown",
        "The time limit is not a rule of the platform",
        "Use a time-limit rule of docs/rules.md.",
    ),
    _warning(
        "legal-period-as-number",
        "A time limit is called with a rule that is not written out, so that it cannot be checked",
        "Write the rule id as text in the call.",
    ),
    _warning(
        "gateway-not-exhaustive",
        "A gateway has no default flow, and its conditions may all be false",
        "Mark one flow as the default.",
    ),
    _error(
        "gateway-condition-missing",
        "A flow out of the gateway has no condition and is not the default",
        "Write a condition, or mark the flow as the default.",
    ),
    _error(
        "default-with-condition",
        "The default flow has a condition, which would be ignored",
        "Remove the condition, or choose another default.",
    ),
)

TEXT_RULES: Final = (
    _error(
        "name-missing",
        "A task, gate or message has no name, so that people would not know what it is",
        "Name it: verb and object, for instance «Beskriv behovet».",
    ),
    _warning(
        "text-missing",
        "A text is not translated",
        "Add it to the file, in its language.",
    ),
    _warning(
        "text-not-used",
        "A file of translated texts has a key that belongs to nothing",
        "Remove it, or correct the id.",
    ),
)

SOUNDNESS_RULES: Final = (
    _error(
        "unsound-deadlock",
        "The process can come to a stand for ever at a join",
        "Join with the kind of gateway that split the paths, and let each path reach the join.",
    ),
    _error(
        "unsound-no-end",
        "The process can come to where it goes on for ever and never ends",
        "Give the loop a way out on every path.",
    ),
    _error(
        "unsound-unreachable",
        "No run of the process ever comes to the element",
        "Mend the join before it, or delete the element.",
    ),
    _warning(
        "unsound-lack-of-synchronisation",
        "Two tokens can meet on one path, so that what follows is done twice",
        "Join parallel paths with a parallel gateway before they merge.",
    ),
    _warning(
        "unsound-not-decided",
        "The process has too many states to find out whether it always ends",
        "Move parallel parts into sub-processes or called processes.",
    ),
)

WAIVER_RULES: Final = (
    _warning(
        "law-waived",
        "The process waives a rule of law with a reason",
        "Nothing, if the reason holds; whoever deploys the process answers for it.",
    ),
    _warning(
        "law-waiver-unused",
        "The process waives a rule of law that it does not break",
        "Delete the waiver.",
    ),
    _error(
        "law-waiver-unknown",
        "The waiver names no rule of law, or stands where no rule is asked",
        "Name a rule of law of docs/lint.md, on the process that people start.",
    ),
    _warning(
        "law-procedure-unknown",
        "The procedure is not one that the rules of law know, so that none is checked",
        "Use one of docs/lint.md, or leave the attribute out.",
    ),
    _error(
        "law-procedure-missing",
        "The process announces a competition or awards a contract, and names no procedure, so that"
        " no rule of law is asked",
        'Add procedure="…" to its <pivotal:process>, with one of the names of docs/lint.md.',
    ),
    _warning(
        "law-not-decided",
        "The procedure is too large to be held to the rules of law",
        "Divide it, so that fewer processes are called.",
    ),
)

LAW_RULES: Final = tuple(Rule(row.id, row.severity, row.reason, row.remedy) for row in LAW.values())

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rules in (
        FILE_RULES,
        STRUCTURE_RULES,
        ELEMENT_RULES,
        WORK_RULES,
        EXPRESSION_RULES,
        TEXT_RULES,
        SOUNDNESS_RULES,
        WAIVER_RULES,
        LAW_RULES,
    )
    for rule in rules
}


def finding(
    rule: str,
    file: str,
    line: int = 0,
    *,
    element_id: str = "",
    element_name: str = "",
    detail: str = "",
    remedy: str = "",
) -> Finding:
    """A finding of `rule`; `detail` is added to its reason, `remedy` takes the place of its own."""
    said = RULES[rule]
    reason = f"{said.reason}: {detail}." if detail else f"{said.reason}."
    return Finding(
        rule=rule,
        severity=said.severity,
        file=file,
        line=line,
        element_id=element_id,
        element_name=element_name,
        reason=reason,
        remedy=remedy or said.remedy,
    )
