"""What commands there are, and how a shell asks for their completion."""

COMMANDS = {
    "analyze": ("logsleuth.cli.analyze", "Explain an outage from Apache error logs."),
    "scan": ("logsleuth.cli.scan", "Scan logs where they are, and save what a report needs."),
    "merge": ("logsleuth.cli.merge", "Report on logs of many hosts from their saved tallies."),
    "check": ("logsleuth.cli.check", "Probe for supervisors: is something wrong now, and would a restart help?"),
    "watch": ("logsleuth.cli.watch", "Follow logs and report incidents as they happen."),
    "probe": ("logsleuth.cli.probe", "Print ready configuration for monit, systemd, Nagios, Icinga or Prometheus."),
    "diff": ("logsleuth.cli.diff", "Show which messages are new, gone, more or less frequent after a change."),
    "formats": ("logsleuth.cli.formats", "Show the format of each log, and how certain that is."),
    "parse": ("logsleuth.cli.parse", "Write each line's fields as JSON Lines."),
    "explain": ("logsleuth.cli.explain", "Explain a log line or a code such as AH00161."),
    "patterns": ("logsleuth.cli.patterns", "Inspect, test and extend the pattern library."),
    "packs": ("logsleuth.cli.packs", "Install and build packs of patterns to share."),
    "mcp": ("logsleuth.cli.mcp", "Serve logsleuth's tools to AI agents, by the Model Context Protocol."),
    "report-bug": ("logsleuth.cli.report_bug", "Make a redacted bundle to attach to an issue."),
    "doctor": ("logsleuth.cli.doctor", "Check the installation, and which logs can be read here."),
    "config": ("logsleuth.cli.config", "Show the settings in force, and where each comes from."),
    "completion": ("logsleuth.cli.completion", "Print the completion script for bash, zsh or fish."),
    "man": ("logsleuth.cli.manual", "Print a manual page."),
}
"""Name to module (its `command`) and short help: modules are imported only when their command is run."""

DEFAULT = "analyze"
"""The command that is run if a log is given instead of a command."""
COMPLETION = "_LOGSLEUTH_COMPLETE"
"""The variable by which a shell asks for completions."""
