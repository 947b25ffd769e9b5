"""Decision tables: which rules match, and what the hit policy makes of them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NoReturn

from engine.errors import DecisionError
from engine.feel.budget import Recorder, Run
from engine.feel.compare import equal
from engine.feel.dmn.model import DecisionTable
from engine.feel.dmn.trace import TableStep, show
from engine.feel.library import BUILT_INS
from engine.feel.numeric import ZERO
from engine.feel.values import SOFT_ERRORS, Closure, TestClosure, Value, Variables

_AGGREGATES: Final = {"SUM": "sum", "MIN": "min", "MAX": "max"}
_LISTS: Final = ("RULE ORDER", "OUTPUT ORDER", "COLLECT")


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """`tests` of None match anything; `outputs` of None give null."""

    number: int
    ident: str
    annotation: str
    tests: tuple[TestClosure | None, ...]
    outputs: tuple[Closure | None, ...]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A closure over a decision table. `strict` raises where DMN says null."""

    name: str
    ident: str
    source: DecisionTable
    inputs: tuple[Closure, ...]
    allowed: tuple[TestClosure | None, ...]
    rules: tuple[CompiledRule, ...]
    priorities: tuple[Closure | None, ...]
    defaults: tuple[Closure | None, ...]
    strict: bool

    def __call__(self, variables: Variables, run: Run) -> Value:
        """Raises `DecisionError` where rules conflict, and, when strict, where no rule matches or
        an input has a value that is not allowed."""
        run.spend(1 + len(self.rules) * max(1, len(self.inputs)))
        values = tuple(read(variables, run) for read in self.inputs)
        if not self._inputs_allowed(variables, run, values):
            return None
        hits = self._hits(variables, run, values)
        if hits:
            result = self._policy(hits, variables, run, values)
        else:
            result = self._no_hit(variables, run, values)
        if run.recorder is not None:
            self._record(run.recorder, values, hits, result)
        return result

    def _inputs_allowed(self, variables: Variables, run: Run, values: tuple[Value, ...]) -> bool:
        for test, value, clause in zip(self.allowed, values, self.source.inputs, strict=True):
            if test is not None and test(variables, run, value) is not True:
                if self.strict:
                    self._fail(
                        f"the input {clause.label or clause.expression} is {show(value)}, and only "
                        f"{clause.allowed} is allowed. Correct the value or allow it",
                        values,
                    )
                return False
        return True

    def _hits(
        self, variables: Variables, run: Run, values: tuple[Value, ...]
    ) -> list[CompiledRule]:
        hits = []
        for rule in self.rules:
            if all(
                test is None or test(variables, run, value) is True
                for test, value in zip(rule.tests, values, strict=True)
            ):
                hits.append(rule)
                if self.source.hit_policy == "FIRST":
                    break
        return hits

    def _output(self, rule: CompiledRule, variables: Variables, run: Run) -> Value:
        return self._combine(rule.outputs, variables, run)

    def _combine(self, cells: tuple[Closure | None, ...], variables: Variables, run: Run) -> Value:
        """The value of a table with one output, or a context of all outputs."""
        values = [None if cell is None else cell(variables, run) for cell in cells]
        if len(values) == 1:
            return values[0]
        names = [clause.name or "" for clause in self.source.outputs]
        return dict(zip(names, values, strict=True))

    def _no_hit(self, variables: Variables, run: Run, values: tuple[Value, ...]) -> Value:
        if any(default is not None for default in self.defaults):
            return self._combine(self.defaults, variables, run)
        if self.source.aggregation == "COUNT":
            return ZERO
        if not self.strict:
            return None
        if self.source.hit_policy in _LISTS and self.source.aggregation is None:
            return []
        return self._fail(
            "no rule matches. Add a rule for these values or a default output", values
        )

    def _policy(
        self,
        hits: list[CompiledRule],
        variables: Variables,
        run: Run,
        values: tuple[Value, ...],
    ) -> Value:
        outputs = [self._output(rule, variables, run) for rule in hits]
        match self.source.hit_policy:
            case "UNIQUE":
                if len(hits) > 1:
                    self._conflict("match where only one may", hits, values)
                return outputs[0]
            case "ANY":
                if any(equal(run, output, outputs[0]) is not True for output in outputs):
                    self._conflict("match and disagree", hits, values)
                return outputs[0]
            case "FIRST":
                return outputs[0]
            case "PRIORITY":
                return self._by_priority(outputs, variables, run)[0]
            case "OUTPUT ORDER":
                return self._by_priority(outputs, variables, run)
            case _:
                return self._aggregate(outputs, run)

    def _by_priority(self, outputs: list[Value], variables: Variables, run: Run) -> list[Value]:
        ranks = [[] if rank is None else rank(variables, run) for rank in self.priorities]

        def key(output: Value) -> list[int]:
            single = len(ranks) == 1
            parts = [output] if single else list(output.values())
            return [
                next((n for n, item in enumerate(order) if equal(run, item, part)), len(order))
                for order, part in zip(ranks, parts, strict=True)
            ]

        return sorted(outputs, key=key)

    def _aggregate(self, outputs: list[Value], run: Run) -> Value:
        aggregation = self.source.aggregation
        if aggregation is None or self.source.hit_policy != "COLLECT":
            return outputs
        if aggregation == "COUNT":
            return Decimal(len(outputs))
        if len(self.source.outputs) != 1:
            return None
        try:
            return BUILT_INS[_AGGREGATES[aggregation]].call(run, [outputs])
        except SOFT_ERRORS:
            return None

    def _conflict(self, what: str, hits: list[CompiledRule], values: tuple[Value, ...]) -> NoReturn:
        numbers = [rule.number for rule in hits]
        listed = ", ".join(str(number) for number in numbers)
        self._fail(
            f"the rules {listed} {what}. Make them exclude each other or choose another hit policy",
            values,
            rules=numbers,
        )

    def _fail(self, reason: str, values: tuple[Value, ...], **details: Any) -> NoReturn:
        inputs = {
            clause.label or clause.expression: show(value)
            for clause, value in zip(self.source.inputs, values, strict=True)
        }
        given = ", ".join(f"{name} = {value}" for name, value in inputs.items())
        raise DecisionError(
            f"Decision table '{self.name}' ({self.source.hit_policy}): {reason}. Inputs: {given}.",
            decision=self.name,
            hit_policy=self.source.hit_policy,
            inputs=inputs,
            **details,
        )

    def _record(
        self,
        recorder: Recorder,
        values: tuple[Value, ...],
        hits: list[CompiledRule],
        result: Value,
    ) -> None:
        policy = " ".join(filter(None, (self.source.hit_policy, self.source.aggregation)))
        recorder.add(
            TableStep(
                name=self.name,
                ident=self.ident,
                hit_policy=policy,
                inputs=tuple((clause.expression, clause.label) for clause in self.source.inputs),
                values=values,
                rules=tuple((rule.number, rule.ident, rule.annotation) for rule in hits),
                default=not hits,
                output=result,
            ),
        )
