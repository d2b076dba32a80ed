r"""Parts that many regexes share: a pattern file contains `(?&name)`, and the loader replaces it with a group.

Python and Rust reject `(?&`, so a name that was not replaced is never taken for a regex.
"""

from __future__ import annotations

import re

from logsleuth.regexes import regex
from logsleuth.spelling import suggestion

_CGI = r"AH01215: (?:stderr from [^:\n]{1,400}: )?|mod_fcgid: stderr: "
_PHP_LINK = r"(?: \[<a href='[^'\n]{1,80}'>[^<\n]{1,80}</a>\])?"

FRAGMENTS = {
    # what mod_cgi, mod_cgid and mod_fcgid put before the words that a program writes to its standard error
    "stderr": f"(?:{_CGI})?",
    # the same for PHP, however it is run. mod_proxy_fcgi writes several messages of PHP-FPM as one line; such a line
    # is not split, because each part would count as a line
    "php": (
        rf"""(?:AH01071: Got error '|{_CGI}|PythonHandler [\w.:]{{1,120}}: """
        r"""|FastCGI: server "[^"\n]{1,300}" stderr: )?"""
        r"(?:PHP message: (?:[^\n]{0,4000}?(?:; |\\n)PHP message: )?)?"
    ),
    # level, function or exception (whose words may begin with a function's name), and up to two introductions of the
    # application, before the words of a library
    "php-says": (
        r"PHP \w+(?: error)?:  ?(?:Uncaught )?(?:exception '[\w\\]{1,120}' with message '"
        rf"|[\w\\:]{{1,120}}(?:\([^)\n]{{0,160}}\))?{_PHP_LINK}: )?(?:[\w\\:]{{1,120}}\(\): )?"
        r"(?:[A-Z][\w ,;/\-]{0,160}: ){0,2}"
    ),
    # the link to the manual that html_errors puts behind the name of a function
    "php-link": _PHP_LINK,
    # the last line of a Python traceback up to its message; SQLAlchemy names the driver's exception in parentheses
    "python-error": r"(?:[\w.]{1,120}\.)?\w{0,60}(?:Error|Exception): (?:\([\w.]{1,120}\) )?",
    # Perl's DBI, in what a program writes to its standard error, perhaps behind a time, its name and a level
    "perl-dbi": (
        rf"(?:{_CGI})?(?:\[[^\]\n]{{1,60}}\] )?(?:[\w.\-]{{1,80}}: )?(?:\[[^\]\n]{{1,80}}\] )?(?:Error: )?"
        r"(?:DBI connect\('[^\n]{0,300}?,\.\.\.\) failed: |DBD::\w{1,20}::(?:db|st|dr) \w{1,40} failed: )"
    ),
    # how Debian and SUSE begin the names of packages that a web server, its applications or backends are made of
    "deb-package": (
        r"apache2|libapache2|apr|libapr|(?:lib)?php|(?:lib)?python|(?:lib)?perl|ruby|passenger|node(?:js)?|"
        r"openjdk|tomcat|openssl|libssl|ca-certificates|gnutls|libc6|libcurl|libxml2|libmagick|imagemagick|"
        r"(?:lib)?modsecurity|newrelic|datadog|blackfire|tideways|instana|ioncube|(?:lib)?mysql|"
        r"(?:lib)?mariadb|percona|postgresql|libpq|redis|memcached|nginx|haproxy|varnish|squid|libldap|slapd|"
        r"sssd|libnss|libpam|krb5|libkrb5|nfs|samba|unbound|bind9|docker|containerd|selinux|apparmor"
    ),
    # how Red Hat does
    "rpm-package": (
        r"httpd|mod_|apr|php|python|perl|ruby|passenger|nodejs|java|tomcat|openssl|ca-certificates|gnutls|"
        r"glibc|libcurl|libxml2|ImageMagick|mod_security|newrelic|datadog|blackfire|tideways|instana|ioncube|"
        r"mysql|mariadb|percona|postgresql|redis|memcached|nginx|haproxy|varnish|squid|openldap|sssd|nss|krb5|"
        r"nfs|samba|unbound|bind|docker|containerd|selinux"
    ),
    # how mod_wsgi's own messages begin: with a code since 6.0, before that with its pid
    "wsgi": r"WSGI\d{4}: |mod_wsgi(?: \(pid=\d{1,10}(?:,[^)\n]{0,400})?\))?: ",
}
"""By name. After a change, raise `cache.FORMAT`: cached patterns contain the fragments."""

NAMED = regex(r"\\.|\(\?&([^)]*)\)", re.DOTALL)


def put_in(regex: str) -> str:
    """A regex with its fragments replaced. Raises ValueError for a name that no fragment has."""
    return NAMED.sub(_part, regex) if "(?&" in regex else regex


def _part(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:  # an escape: what follows it is not the start of a name
        return found[0]
    if name not in FRAGMENTS:
        hint = suggestion(name, list(FRAGMENTS), f"fragments are {', '.join(FRAGMENTS)}")
        raise ValueError(f"there is no fragment (?&{name}): {hint}")
    return f"(?:{FRAGMENTS[name]})"
