"""What makes a password fit; names and passwords in one form."""

from __future__ import annotations

import unicodedata

import pytest
from factories.people import quick_hasher
from hypothesis import given
from hypothesis import strategies as st

from dispatch.accounts.rules_passwords import MAX_LENGTH, check_new_password, normal_name, normal_password
from dispatch.kernel.errors import Invalid, Unavailable

letters = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=80)


@pytest.mark.parametrize(
    "password",
    [
        "koshka sleeps under blue poplars",
        "gT7#pelican",
        "苹果 卡车 雪山 月亮",
        "胡杨树下有十二只骆驼在睡觉",
        "ۋاقىت ئالتۇن دەيدۇ",
        "🐫🌵🌙🚑🧊🌾🎻🪁🧭🪵🦉🌋",
        "x" * 3 + "Kölner Dom, 157 m hoch",
    ],
)
def test_these_are_fit(password: str) -> None:
    if password == "gT7#pelican":  # noqa: S105 - eleven characters
        with pytest.raises(Invalid, match="shorter"):
            check_new_password(password, "wang.fang")
        return
    assert check_new_password(password, "wang.fang") == unicodedata.normalize("NFKC", password)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password.too_short"),
        ("elevenchars", "password.too_short"),
        ("a b c d", "password.too_short"),
        ("drum drum drum", "password.common"),
        ("password2026", "password.common"),
        ("Password!!!!2026", "password.common"),
        ("PASSWORD", "password.too_short"),
        ("123456789012", "password.common"),
        ("987654321098", "password.common"),
        ("qwertyuiopas", "password.common"),
        ("abcabcabcabcabc", "password.common"),
        ("aaaaaaaaaaaaaaaa", "password.common"),
        ("admintarim120120", "password.common"),
        ("阿克苏急救中心密码一二三", None),
        ("阿克苏急救中心120120120", "password.common"),
        ("ｐａｓｓｗｏｒｄ１２３４", "password.common"),
        ("wang.fang1999", "password.holds_name"),
        ("twelve\0characters", "password.text"),
        ("twelve\ncharacters", "password.text"),
        ("twelve\ud800characters", "password.text"),
        ("x" * (MAX_LENGTH + 1), "password.too_long"),
    ],
)
def test_these_are_not(password: str, code: str | None) -> None:
    if code is None:
        assert check_new_password(password, "wang.fang")
        return
    with pytest.raises(Invalid) as refused:
        check_new_password(password, "wang.fang")
    assert refused.value.code == code
    assert not password or password not in str(refused.value), "never repeated"


@given(letters)
def test_one_form_for_all_keyboards(text: str) -> None:
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len({normal_password(form) for form in forms}) == 1


@given(letters)
def test_the_normal_form_is_its_own(text: str) -> None:
    assert normal_password(normal_password(text)) == normal_password(text)


@given(st.text(max_size=300))
def test_a_name_has_one_form_or_none(text: str) -> None:
    try:
        name = normal_name(text)
    except Invalid as refused:
        assert refused.code == "person.login_name"  # noqa: PT017 - most texts are no names
        return
    assert normal_name(name) == name
    assert normal_name(f" {name.upper()} ") == normal_name(name.upper())


def test_names_are_the_same_in_every_case_and_width() -> None:
    assert normal_name("Wang.Fang") == normal_name("ｗａｎｇ．ｆａｎｇ") == "wang.fang"
    assert normal_name("王芳") == "王芳"
    for bad in ("", " ", "a b", ".a", "a/b", "x" * 65, "a\0b", "\ud800"):
        with pytest.raises(Invalid):
            normal_name(bad)


@pytest.mark.parametrize("length", [71, 72, 73, 1_000])
async def test_nothing_is_cut_off(length: int) -> None:
    hasher = quick_hasher()
    long = "ab cd " * (length // 6) + "z" * (length % 6)
    stored = await hasher.hash(long)
    assert await hasher.verify(long, stored)
    assert not await hasher.verify(long[:-1], stored)
    assert not await hasher.verify(long[:-1] + "y", stored)
    hasher.close()


async def test_nobodys_password_is_never_right_and_costs_as_much() -> None:
    hasher = quick_hasher()
    assert not await hasher.verify("anything at all", None)
    assert hasher.hashed == 1
    hasher.close()
    with pytest.raises(RuntimeError):
        await hasher.hash("after the end")


async def test_who_would_wait_too_long_is_sent_away() -> None:
    hasher = quick_hasher(threads=1, most_waiting=0)
    hasher._inside = 1
    with pytest.raises(Unavailable):
        await hasher.verify("anything", None)
    assert hasher.hashed == 0
    hasher.close()


async def test_the_real_costs_are_argon2id_with_64_mib() -> None:
    hasher = type(quick_hasher())()
    stored = await hasher.hash("koshka sleeps")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await hasher.verify("koshka sleeps", stored)
    quick = quick_hasher()
    assert hasher.outdated(await quick.hash("koshka sleeps"))
    assert not hasher.outdated(stored)
    hasher.close()
    quick.close()
