"""The service: HTTP, HTML, sign-in, the scheduler and the command line around the engine."""
