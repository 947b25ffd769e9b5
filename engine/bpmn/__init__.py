"""BPMN: read, check, run and draw. The only package that uses SpiffWorkflow and lxml."""
