"""Lines without any head that are known by what they say: httpd's words, its modules', its scripts', its installers'.

This decides only whether a text is worth reading; what a line means is the library's to say.
"""

from __future__ import annotations

import re

LONGEST = 1000
"""Characters of a line that are looked through."""
_CODE = r"(?:AH\d{5,6}|WSGI\d{4}): "
_ERRNO = r"\((?:(?:EAI|OS|os) )?(?:-?\d{1,10}|0x[0-9a-fA-F]{1,16})\)[^:\[\n]{2,120}: "
_SERVER = r"(?:\S{1,120}/)?(?:httpd|apache2?|apachectl|apache2ctl|Apache)(?:\.exe|[\d.]{1,6})?"
_PHP_KINDS = (
    r"(?:Fatal error|Parse error|Warning|Notice|Deprecated|Recoverable fatal error|Catchable fatal error"
    r"|Core error|Core warning|Strict Standards|Startup|Stack trace)"
)

PHP = (
    r"(?:mod_fcgid: stderr: |FastCGI: server \"[^\"]{1,200}\" stderr: |PHP message: )*PHP " + _PHP_KINDS,
    r"(?:Fatal|Parse|Catchable fatal|Recoverable fatal) error: ",
    r"Stack trace:|#\d{1,4} (?:\{main\}|/|\[internal function\])|  thrown in ",
)
PYTHON = (
    r"mod_(?:wsgi|python) \(pid=\d",
    r"Traceback \(most recent call last\)",
    r"Fatal Python error: ",
    r"(?:[A-Za-z_]\w{0,60}\.){0,8}[A-Z]\w{0,60}(?:Error|Exception|Warning|Exit|Interrupt|DoesNotExist|Configured): ",
)
OTHER_LANGUAGES = (
    r"Can't locate \S{1,200} in @INC",
    r".{1,200} at /\S{1,200} line \d{1,7}[.,]",
    r"Premature end of script headers",
    r"(?:/|[A-Za-z]:\\)\S{1,200}:\d{1,7}:in [`']",
)
C_LIBRARY = (
    r"\*\*\* (?:glibc detected|Error in|buffer overflow detected|stack smashing detected)",
    r"======= (?:Backtrace|Memory map): =+",
    r"(?:double free or corruption|corrupted (?:size|double-linked)|munmap_chunk\(\)|malloc\(\)|free\(\))",
    r"(?:Segmentation fault|Bus error|Aborted|Killed\b|terminate called|Out of memory)",
    r"\S{1,200}: (?:error while loading shared libraries|symbol lookup error|cannot open shared object file)",
)
SERVER = (
    rf"{_SERVER}(?::| \(pid|\[\d)",
    rf"{_SERVER} (?:(?:not|already|is|is not|seems to be) running|failed|config|service|could not|dead but|shutdown)",
    rf"{_SERVER} \(no pid file\)",
    r"<[A-Z]\w{1,30}> directive |[A-Z]\w{2,40} must be a directory|Expected </\w{1,30}> but saw ",
    r"mod_\w{1,40}(?:\.c)?[:( ]",
    r"(?:make_sock|no listening sockets available|Unable to open logs|Configuration Failed|Address already in use)",
    r"(?:Syntax error on line|Syntax (?:error|OK)|Invalid command '|Cannot load \S{1,200} into server)",
    r"(?:Cannot define multiple|Could not reliably determine the server's|\(?[Cc]ould not (?:open|bind))",
    r"Warning: (?:DocumentRoot|.{0,80}does not exist)",
    r"(?:caught SIG\w{1,6}|child pid \d|server reached Max|server is within Min|pid file \S{1,200} overwritten)",
    r"(?:SIGHUP received|Graceful restart requested|resuming normal operations|Server built: |Init: )",
    r"(?:Parent: |Child: |Child \d{1,10}: )",
    r"(?:SSL Library Error|SSL Proxy|Certificate Verification|ModSecurity|FastCGI: |proxy: |ap_proxy|AuthType|suEXEC)",
    r"(?:SELinux policy|File does not exist|client denied by server|script not found|request failed)",
    r"(?:Directory index forbidden|Attempt to serve directory|Invalid (?:URI|method)|SoftException)",
    r"(?:user \S{1,80}(?::| not found)|attempt to (?:connect|invoke))",
    r"(?:Apache/\d\.\d|Server version: Apache|Apache server interrupted|The 'Apache[\w.]{0,20}' service)",
    r"The Apache service named",
)
SCRIPTS = (
    r"Action '[\w\- ]{1,40}' failed",
    r"The Apache error log may have more information",
    r"Output of config test was",
    r" ?\* ?(?:Starting|Stopping|Restarting|Reloading|The apache2) ?(?:Apache|web server|configtest|apache2|httpd)?",
    r"(?:Starting|Stopping|Restarting|Reloading|Waiting for|Redirecting to) .{0,40}(?:httpd|apache|web server)",
    r"Performing (?:a graceful restart|sanity check on apache)",
    r"The requested operation has failed!|Note the errors or messages above|Errors reported here must be corrected",
    r"\[(?:FAILED|  OK  |fail|ok)\]",
    r"\[(?:\.{4}|FAIL|ok)\] .{0,80}(?:apache|httpd|web server)",
    r"(?:Job for|Failed to (?:start|restart|reload|stop)) (?:httpd|apache2?)\S{0,20}\.service",
    r"See (?:[\"'“])?systemctl status (?:httpd|apache)",
)
INSTALLERS = (
    r"(?:invoke-rc\.d: )?initscript (?:apache2?|httpd),? ",
    r"invoke-rc\.d: ",
    r"dpkg: error processing (?:package |archive )?\S*apache",
    r"Setting up (?:apache2|libapache2)\S{0,60} \(",
    r"Errors were encountered while processing",
    r"(?:ERROR|Module|Site|Conf) \S{1,60} (?:does not exist|already enabled|not enabled)",
    r"Enabling (?:module|site|conf) ",
    r"To activate the new configuration",
)
GENERAL = (_CODE, _ERRNO + r"(?:AH\d{5,6}: |\[client |\w)", r"\[(?:client|remote) [^\]\n]{1,80}\] ")
OPENINGS = re.compile(
    "|".join((*GENERAL, *PHP, *PYTHON, *OTHER_LANGUAGES, *C_LIBRARY, *SERVER, *SCRIPTS, *INSTALLERS)), re.ASCII
)
"""How such lines begin."""
WITHIN = re.compile(
    rf"{_CODE}|{_ERRNO}{_CODE}|, referer: |\b(?:mod|apr?)_\w{{2,40}}\b"
    r"|\b(?:httpd|apache2)\.(?:conf|service)\b|\.htaccess\b"
    r"|\bcaught SIG(?:TERM|USR1|HUP)|\bMaxRequestWorkers\b|\bMaxClients\b|\bPHP (?:Fatal|Parse) error: "
    rf"|\b(?:apache2?|httpd)\b.{{0,60}}\b(?:fail|error|kill|crash|refus|not start|segfault)"
    r"|(?:fail|error|kill|crash|could not|segfault).{0,60}\b(?:apache2?|httpd)\b",
    re.ASCII | re.IGNORECASE,
)
"""What only such lines hold, wherever in them."""
HINTS = (
    "httpd", "apache", "mod_", "ap_", "apr_", "ah0", "ah1", "wsgi", "referer", "htaccess", "caught sig", "maxclients",
    "maxrequestworkers", "php ",
)  # fmt: skip
"""What a line must hold for any of that to be in it: most lines hold nothing of it, and that is seen fast."""
GLUED = re.compile(
    r"\((?:OS )?\d{1,5}\)[A-Z][^:\n]{2,120}: (?:make_sock|[Cc]ould not |(?:httpd|apache2)(?:\.exe)?: )"
    r"|(?<=[!.\w])make_sock: could not bind|(?<=: )(?:httpd|apache2): Syntax error on line \d",
    re.ASCII,
)
"""Where httpd's message begins behind a start script's own words, in any language: `apache2(98)Address already in use:
…`, `Iniciando httpd: httpd: Syntax error on line …`."""
CODED = re.compile(rf"(?:{_ERRNO})?(?:\[(?:client|remote) [^\]\n]{{1,80}}\] ?)?(?:{_ERRNO})?{_CODE}", re.ASCII)
"""Where a message with a code begins; it may stand behind a prefix that nobody knows."""
FOLLOWING = re.compile(
    r"\s+at |\t|(?:/|\[0x)\S{0,200}(?:\(\S{0,120}\+0x[0-9a-f]+\))?\[0x[0-9a-f]{4,16}\]"
    r"|[0-9a-f]{8,16}-[0-9a-f]{8,16} [rwxps\-]{4} |\S{1,200}\(\+?\S{0,160}\)\s?\[0x[0-9a-f]{4,16}\]",
    re.ASCII,
)
"""Lines of a dump of memory or of a stack, which belong to the line that begins it."""


CHATTER = re.compile(
    r"\s{0,8}(?:[*•] ?)?(?:(?:Starting|Stopping|Restarting|Reloading) (?:web server |Apache |httpd|the Apache)"
    r"[^!]{0,60}?(?:\.\.\.)?|Setting up \S{1,80} \([^)]{1,80}\) \.\.\.|Errors were encountered while processing:"
    r"|See (?:system logs and )?[\"'“]?systemctl status .{0,160}|Output of config test was:|\.\.\.fail!| ?\*"
    r"|Redirecting to /bin/systemctl \w+ \S+|web server apache2"
    r"|This may be due to a blocked port, missing dependencies,"
    r"|improper privileges, a crash, or a shutdown by another.*|Press the Logs button to view error logs and check"
    r"|the Windows Event Viewer for more clues|If you need more help, copy and post this"
    r"|entire log window on the forums|Attempting to (?:start|stop) Apache.*|Status change detected: \w+"
    r"|lines \d{1,6}-\d{1,6}(?:/\d{1,6})?(?: \(END\))?|Warning: \S{1,80}\.service changed on disk\. .{0,120}"
    r"|Note the errors or messages above.*)\s*\Z"
)
"""Lines of scripts and panels that say nothing by themselves: what they announce, or where to look."""


def is_chatter(text: str) -> bool:
    """Whether a line only accompanies others."""
    return CHATTER.match(text) is not None


def opens_as_known(text: str) -> bool:
    """Whether a line begins as one of httpd, or of something that httpd runs or is run by."""
    return OPENINGS.match(text) is not None


def mentions_known(text: str) -> bool:
    """Whether a line holds what only such lines hold."""
    lowered = text[:LONGEST].lower()
    return any(hint in lowered for hint in HINTS) and WITHIN.search(text, 0, LONGEST) is not None


def follows(text: str) -> bool:
    """Whether the line goes on with a dump that began before."""
    return FOLLOWING.match(text) is not None
