"""From a category of thinking to the models that may do it."""

from collections.abc import Collection

from podium.configuration.models import Configuration
from podium.errors import UserError
from podium.models.families import family_of


class UnknownCategory(UserError):
    """A task or a role names a category that is not configured."""

    is_about_request = True

    def __init__(self, category: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"no category is called {category!r}; configured: {', '.join(known)}; "
            f"use one of these or set `categories.{category}` in the configuration"
        )


class NoOtherFamily(UserError):
    """All models of a category are of families that must not be used."""

    is_about_request = True

    def __init__(self, category: str, families: Collection[str]) -> None:
        names = " or ".join(repr(it) for it in families)
        super().__init__(
            f"every model of category {category!r} is of the family {names}, which wrote the "
            f"work; add a model of another family to `categories.{category}` in the configuration"
        )


def models_for(
    category: str, configuration: Configuration, *, not_families: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the models of a category in the order in which they are tried.

    Args:
        category: A category's name.
        configuration: Where categories and families are set.
        not_families: What is left out: the authors' families, when a reviewer is wanted.

    Raises:
        UnknownCategory: The configuration has no such category.
        NoOtherFamily: Nothing is left without those families.
    """
    models = configuration.categories.get(category)
    if models is None:
        raise UnknownCategory(category, tuple(configuration.categories))
    left = tuple(it for it in models if family_of(it, configuration) not in not_families)
    if not left:
        raise NoOtherFamily(category, not_families)
    return left
