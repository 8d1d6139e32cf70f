"""Modules in one script: the names that they take and give, and what cannot be linked."""

import re
import subprocess
from pathlib import Path

import pytest

from gan1d.replay.html_page import INSTEAD
from gan1d.replay.linking import link, without_comments
from gan1d.replay.page_directory import static_dir
from tests import tools

needs_node = pytest.mark.skipif(bool(tools.MISSING["node"]), reason=tools.MISSING["node"])


def written(directory: Path, **modules: str) -> Path:
    for name, text in modules.items():
        file = directory / f"{name.replace('__', '/')}.js"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    return directory


def run(tmp_path: Path, script: str) -> str:
    file = tmp_path / "linked.mjs"
    file.write_text(script, "utf-8")
    assert tools.NODE is not None
    done = subprocess.run([tools.NODE, file], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_node
def test_each_module_keeps_its_names_to_itself(tmp_path: Path) -> None:
    directory = written(
        tmp_path,
        main="""import {
  double,
  name as other,
} from "./parts/a.js";
import { Two, count } from "./parts/all.js";
const name = "main";
const { late } = await import("./parts/late.js");
console.log(name, other, double(4), new Two().value, count, await late());
""",
        parts__a="""/** A comment.
 * @type {import("./b.js").X}
 */
// Another one
export const name = "a";
const factor = /** @type {number} */ (2);
/** @type {number} */ (globalThis).seen = 1;
export function double(x) { return factor * x; }
""",
        parts__all='export * from "./two.js";\nexport * from "./count.js";\n',
        parts__two="export class Two { value = 2; }\n",
        parts__count='import { name } from "../parts/a.js";\nexport const count = name.length;\n',
        parts__late="export async function late() {\n  return `\n// no comment`.length;\n}\n".replace(
            "\n// no", "// no"
        ),
    )
    script = link(directory, "main.js")
    assert run(tmp_path, script) == "main a 8 2 1 13\n"
    assert "A comment" not in script
    assert "Another one" not in script


@needs_node
def test_a_module_takes_the_place_of_another(tmp_path: Path) -> None:
    directory = written(
        tmp_path,
        main='import { word } from "./live.js";\nconsole.log(word);\n',
        live='import { gone } from "./gone.js";\nexport const word = gone;\n',
        replay__recorded='export const word = "recorded";\n',
    )
    assert run(tmp_path, link(directory, "main.js", {"live.js": "replay/recorded.js"})) == "recorded\n"


@needs_node
def test_a_module_of_a_package_exports_its_names_at_its_end(tmp_path: Path) -> None:
    directory = written(
        tmp_path,
        main='import { double, one as two } from "./package.js";\nconsole.log(double(two));\n',
        package="var a=2;function b(x){return 2*x}export{b as double,a as one,a as default,a};\n//# source\n",
    )
    assert run(tmp_path, link(directory, "main.js")) == "4\n"


@pytest.mark.parametrize(
    "text",
    [
        'import { a } from "https://a.example/a.js";', 'import a from "./a.js";', 'import "./a.js";',
        "export default 5;",
        "export let a = 5;", "export { a };\na();", 'import * as a from "./a.js";',
        'const a = await import("https://a.example/");',
        'import("./b.js").then(({ b }) => b());',
    ],
)  # fmt: skip
def test_other_imports_and_exports_are_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"Expected imports and exports by name in main\.js, but got"):
        link(written(tmp_path, main=f"{text}\n"), "main.js")


def test_modules_that_import_each_other_are_an_error(tmp_path: Path) -> None:
    directory = written(
        tmp_path,
        main='import { a } from "./a.js";\n',
        a='import { b } from "./b.js";\nexport const a = 1;\n',
        b='import { a } from "./a.js";\nexport const b = 1;\n',
    )
    with pytest.raises(ValueError, match=r"but got main\.js → a\.js → b\.js → a\.js"):
        link(directory, "main.js")


@needs_node
def test_the_page_is_linked_without_what_speaks_to_a_server(tmp_path: Path) -> None:
    script = link(static_dir() / "js", "main.js", INSTEAD)
    file = tmp_path / "linked.mjs"
    file.write_text(script, "utf-8")
    assert tools.NODE is not None
    subprocess.run([tools.NODE, "--check", file], check=True, timeout=60)
    assert "new ReplaySource" in script
    assert "LiveSource" not in script
    assert "WebSocket" not in script


CODE = "export const f = (a) => /** @type {any} */ (a); /** end */"


def test_comments_that_have_lines_to_themselves_become_empty_lines() -> None:
    module = f"// @ts-check\n/**\n * What it is.\n */\n{CODE}\n  /** one */\n  // two\nf('/** no */'); // three\n"
    assert without_comments(module) == f"\n\n\n\n{CODE}\n\n\nf('/** no */'); // three\n"


def test_code_is_the_same_without_comments() -> None:
    def code(module: str) -> list[str]:
        bare = re.sub(r"/\*(?:(?!\*/).)*\*/", "", module, flags=re.DOTALL)
        return [line for line in bare.splitlines() if line.strip() and not line.strip().startswith("//")]

    for path in [*(static_dir() / "js").rglob("*.js"), *static_dir().glob("*.css")]:
        module = path.read_text("utf-8")
        lean = without_comments(module)
        assert code(lean) == code(module), path
        assert lean.count("\n") == module.count("\n"), path
