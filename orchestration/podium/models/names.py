"""A model's name: litellm's ``provider/model``."""


def provider_of(model: str) -> str:
    """Return the part before the first slash, which names the provider in the configuration."""
    return model.partition("/")[0]
