"""Which files of code are a site's own, and which those of the framework or system that it is made with.

An error is reported where it arises, and that is often in the core: the last piece of memory is asked for by the code
of the database that a plugin has called. The core is the same on every site; what differs is the site's own code.
"""

from __future__ import annotations

from typing import Final

from logsleuth.regexes import regex

OF_THE_CORE: Final = regex(
    # WordPress
    r"/wp-includes/|/wp-admin/|/wp-(?:settings|load|blog-header|cron|login)\.php"
    # what Composer, npm, pip and gem install
    r"|/vendor/|/node_modules/|/site-packages/|/dist-packages/|/gems/"
    # Drupal
    r"|/core/(?:lib|includes|modules|themes)/|/includes/(?:database/|bootstrap\.inc|common\.inc|module\.inc|menu\.inc)"
    # Joomla, TYPO3, Magento, CodeIgniter
    r"|/libraries/(?:src|joomla|cms|vendor|loader\.php)|/typo3/sysext/|/typo3_src[\w.-]*/|/lib/internal/Magento/"
    r"|/lib/(?:Zend|Varien)/|/app/code/core/Mage/|/system/(?:core|database|libraries|helpers)/"
)
"""Folders and files that are no site's own."""


def is_of_the_core(path: str) -> bool:
    """Whether a file belongs to the framework or system, and not to what was added to it."""
    return OF_THE_CORE.search(path.replace("\\", "/")) is not None
