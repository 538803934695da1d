"""The project's settings with one language more; see pseudo_locale.py. For processes that tests start."""

import os
from pathlib import Path

import django.conf.locale

from bilibili_monitor.settings import *  # noqa: F403 - that is what settings modules do
from bilibili_monitor.settings import LANGUAGES as _LANGUAGES
from bilibili_monitor.settings import LOCALE_PATHS as _LOCALE_PATHS
from tests.browser.pseudo_locale import FOLDER_VARIABLE, LANGUAGE

LANGUAGES = [*_LANGUAGES, (LANGUAGE, "⟦English⟧")]
LOCALE_PATHS = [Path(os.environ[FOLDER_VARIABLE]), *_LOCALE_PATHS]
django.conf.locale.LANG_INFO[LANGUAGE] = {
    "bidi": False,
    "code": LANGUAGE,
    "name": "Pseudo",
    "name_local": "⟦English⟧",
}
