"""What can be wrong with a repository, in sentences that name it and say what to do."""

from __future__ import annotations

from bot import errors


class GitMissingError(errors.SourceUnavailableError):
    hint = ""

    def __init__(self, command: str) -> None:
        super().__init__(
            f"The command {command!r} was not found or may not be run: install git and see to it "
            "that it is on the PATH of this process."
        )


class GitSlowError(errors.SourceUnavailableError):
    hint = ""

    def __init__(self, repository: str, step: str) -> None:
        super().__init__(
            f"{repository}: git {step} took too long and was stopped. It is tried again by itself; "
            "keep a clone on disk and name its path if that goes on."
        )


class RepositoryNotFoundError(errors.SourceNotFoundError):
    hint = ""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"{repository}: there is no git repository here, or it may not be read. Check the "
            "path or address in UPSHOT_GIT__REPOSITORIES and the rights of this process."
        )


class RepositoryRefusedError(errors.SourceUnauthorizedError):
    hint = ""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"{repository}: the server refused to let us in. Put a token that may read the "
            "repository in its address (https://USER:TOKEN@…) or give this process an SSH key."
        )


class RepositoryUnreachableError(errors.SourceUnavailableError):
    hint = ""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"{repository}: could not be fetched. It is tried again by itself; see whether "
            "this machine reaches the server and has room on its disk."
        )


class EmptyRepositoryError(errors.SourceResponseError):
    hint = ""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"{repository}: has no commits on its default branch. Take it off "
            "UPSHOT_GIT__REPOSITORIES, or see that its HEAD names a branch with commits."
        )


class ShallowRepositoryError(errors.SourceResponseError):
    hint = ""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"{repository}: is a shallow clone, so most of its history is missing. Run "
            "`git fetch --unshallow` in it, or name the address it was cloned from."
        )


class BrokenRepositoryError(errors.SourceResponseError):
    hint = ""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"{repository}: its history could not be read to the end. Run `git fsck` in it, or "
            "clone it again."
        )


class PeopleFileError(errors.SourceResponseError):
    hint = ""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(
            f"{path}: {problem}. The file of people is CSV in UTF-8 with the columns person and "
            "email, and each address belongs to one person."
        )
