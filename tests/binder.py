"""What Binder makes of a repository: the build pack that repo2docker's own detection takes, and what it runs.

Nothing is built here, and Docker is not needed.
"""

from contextlib import chdir
from pathlib import Path

from repo2docker.app import Repo2Docker
from repo2docker.buildpacks import BuildPack

PIP = "${KERNEL_PYTHON_PREFIX}/bin/pip "


def build_pack(root: Path) -> BuildPack:
    """The first of repo2docker's build packs, in its order, that finds itself in charge of the folder ``root``.

    Build packs look into the working directory: ask this one from there.
    """
    app = Repo2Docker()
    with chdir(root):
        return next(pack for kind in app.buildpacks if (pack := kind(app.base_image)).detect())


def pip_commands(root: Path) -> list[list[str]]:
    """What repo2docker installs into the kernel's environment for the repository at ``root``: arguments of pip."""
    pack = build_pack(root)
    with chdir(root):
        scripts = [*pack.get_preassemble_scripts(), *pack.get_assemble_scripts()]
    return [script.removeprefix(PIP).replace('"', "").split() for _, script in scripts if script.startswith(PIP)]
