"""What every command but the sandbox starts with: the folders, the settings, and where the key is."""

from collections.abc import Mapping, MutableMapping

from charge_tui.config.errors import KeyUnusable
from charge_tui.config.file import ConfigFile
from charge_tui.config.load import load
from charge_tui.config.paths import Paths, user_paths
from charge_tui.config.secrets import KeySource, PrimedKey, key_source
from charge_tui.config.settings import Settings
from charge_tui.records import dataclass


class NoKey(KeyUnusable):
    """No source of a key is set; three lines: that, how to give one, how to do without."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(
            "There is no API key.\n"
            "Give one: export CHARGE_API_KEY=ch_sk_test_..., or name an api_key_file or an api_key_command in "
            f"{paths.config_file}\n"
            "Try the desk without one: charge-tui demo"
        )


@dataclass(frozen=True, slots=True)
class Session:
    """Settings that were checked, and what goes with them. Nothing was created or sent yet."""

    settings: Settings
    paths: Paths
    source: KeySource | None

    def key(self) -> PrimedKey:
        """The source of the key, after a first look at it, whose result the next ``read`` gives again.

        Raises:
            KeyUnusable: there is no source, it gives no key, or a key that must not go to this base URL.
        """
        if self.source is None:
            raise NoKey(self.paths)
        key = PrimedKey(self.source)
        if key.is_live and self.settings.base_url.startswith("http://"):
            raise KeyUnusable(
                f"The API key from {key.where} is a live key; it is not sent over plain http, not even on this machine."
            )
        return key


def open_session(options: Mapping[str, object], environment: MutableMapping[str, str]) -> Session:
    """Read the settings, and take the key out of the environment if it is there.

    Raises:
        SettingsError: a setting is wrong.
    """
    paths = user_paths()
    settings = load(ConfigFile.read(paths.config_file), options, environment)
    return Session(settings, paths, key_source(settings, environment))
