"""The engine: everything that decides, runs and records; no HTTP, no HTML, no mail.

Commands go in through `engine.commands.bus`, answers come out of `engine.queries`. In between,
`bpmn` runs the models, `feel` evaluates their expressions, `procurement` knows the law, `forms`
checks submissions, `audit` seals what happened and `store` keeps it.
"""
