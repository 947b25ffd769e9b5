"""Reading YAML that ships with the program: the law, the plan, the words to look for."""

from typing import Any

import yaml


def read_yaml(text: str) -> Any:
    """The plain values that the text holds, read by libyaml: PyYAML's own reader takes ten times as
    long, at every start. Raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=yaml.CSafeLoader)
