"""README tells the keys that there are."""

from pathlib import Path

from charge_tui.tui.commands import markdown


def test_the_table_of_keys_is_the_registry() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert markdown().strip() in readme, "made by charge_tui.tui.commands.markdown()"
