"""What every whole config can do: be read from JSON, have one value changed, and be compared."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Self

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from gan1d.config.errors import ConfigError, config_error_from
from gan1d.config.paths import Json, changes, effect_at, nodes_along, parts_of, replaced
from gan1d.config.sections import ConfigSection
from gan1d.knobs import Effect


class SettingsTree(ConfigSection):
    """Base of whole configs."""

    @classmethod
    def parsed(cls, values: Json) -> Self:
        """A config from JSON values; fields that are missing have their defaults.

        Raises:
            ConfigError: A value is not allowed; the message names the path of the first such value.
        """
        return cls._checked(values)

    def patched(self, path: str, value: Json) -> Self:
        """This config with one value changed.

        A union also takes its kind as a string. Fields that the old and the new kind share keep their values where the
        new kind allows them.

        Args:
            path: Dotted path such as `generator.optimizer.learning_rate` or `target.modes.0.position`.
            value: JSON value.

        Raises:
            ConfigError: The path does not exist, or the value is not allowed there.
        """
        *_, parent, old = nodes_along(self, path)
        keys = path.split(".")
        if keys[-1] == "kind" and hasattr(parent, "kind"):
            return self._with_kind(parent, keys[:-1], value, path)
        if hasattr(old, "kind") and isinstance(value, str):
            return self._with_kind(old, keys, value, path)
        return self._checked(replaced(self, keys, value), path)

    def with_changes(self, changes: Iterable[tuple[str, Json]]) -> Self:
        """This config with several values changed, in order.

        Args:
            changes: Pairs of a path and a value, as `patched` takes them.

        Raises:
            ConfigError: A path does not exist, or a value is not allowed there.
        """
        config = self
        for path, value in changes:
            config = config.patched(path, value)
        return config

    def _with_kind(self, old: Any, keys: Sequence[str], kind: Json, path: str) -> Self:
        """Exchange the union member at `keys` for another kind, which keeps every field that it accepts."""
        spec = {"kind": kind}
        tree = replaced(self, keys, spec)
        new = self._checked(tree, path)
        for name, value in parts_of(old).items():
            if name == "kind":
                continue
            spec[name] = value
            try:
                new = self._checked(tree, path)
            except ConfigError:
                del spec[name]
        return new

    @classmethod
    def _checked(cls, tree: Json, path: str | None = None) -> Self:
        try:
            return cls.model_validate(tree)
        except ValidationError as error:
            raise config_error_from(error, tree, path) from None

    def value_at(self, path: str) -> Json:
        """The value at a dotted path, as JSON.

        Raises:
            ConfigError: The path does not exist.
        """
        return to_jsonable_python(nodes_along(self, path)[-1])

    def differences(self, other: Self) -> dict[str, Json]:
        """Changes that turn `other` into this config: path → value, kinds before the fields that belong to them."""
        return {path: to_jsonable_python(value) for path, value in changes(self, other)}

    def effect_of(self, other: Self) -> Effect | Literal["none"]:
        """The strongest effect of changing from this config to `other`; "none" if they are equal."""
        found = {effect_at(other, path) for path, _ in changes(other, self)}
        order: tuple[Effect, ...] = ("restart", "network", "live")
        return next((effect for effect in order if effect in found), "none")

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The JSON schema from which the page builds its controls.

        The docstring of a union member, "Name: help.", gives its title and its description.
        """
        schema = super().model_json_schema(*args, **kwargs)
        for definition in schema.get("$defs", {}).values():
            label, colon, text = definition.get("description", "").partition(": ")
            if colon and "kind" in definition.get("properties", {}):
                definition["title"] = label
                help = " ".join(text.partition("\n\n")[0].split())
                definition["description"] = help[:1].upper() + help[1:]
        return schema
