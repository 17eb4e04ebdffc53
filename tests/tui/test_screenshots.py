"""The pictures of the README show the desk as it is."""

import re

import pytest

from tests.support.screenshots import FOLDER, SHOTS, Shot, drawn


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
async def test_the_pictures_are_what_the_desk_looks_like(shot: Shot) -> None:
    async for _, svg in drawn((shot,)):
        kept = shot.path.read_text() if shot.path.exists() else ""
        assert svg == kept, "made anew by: python -m tests.support.screenshots"


def test_the_readme_shows_every_picture_that_is_kept() -> None:
    readme = (FOLDER.parent / "README.md").read_text()
    shown = set(re.findall(r"screenshots/([\w-]+\.svg)", readme))
    assert shown == {path.name for path in FOLDER.glob("*.svg")}
