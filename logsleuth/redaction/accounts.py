"""Numbers of bank accounts and of persons, found by the words before them, in the languages that shops speak."""

from __future__ import annotations

from typing import Final

from logsleuth.redaction.rule import Rule, rule

ACCOUNT: Final = """
    konto kontonummer konto-nr kontonr konto-no kto ktonr kto-nr bankleitzahl blz account-no account-number account-nr
    account-num acct-no acct-number sort-code sortcode routing-no routing-number bsb cuenta cuenta-bancaria
    número-de-cuenta numero-de-cuenta compte compte-bancaire numéro-de-compte numero-de-compte conto conto-corrente
    numero-di-conto rekening rekeningnummer bankrekening bankrekeningnummer conta conta-corrente agência agencia
    numer-konta numer-rachunku rachunek účtu bankszámlaszám számlaszám tilinumero hesap-no hesap-numarası счета счёта
    счет счёт 口座番号 账号""".split()  # noqa: SIM905
"""What the number of a bank account, or of its bank, is called."""
PERSON: Final = """
    cpf cnpj pesel dni nif bsn burgerservicenummer personnummer fødselsnummer cpr cpr-nummer steuernummer steuer-id
    steueridnr steuer-idnr steueridentifikationsnummer codice-fiscale sozialversicherungsnummer svnr ahv ahv-nr
    national-insurance national-insurance-no national-insurance-number nino sécurité-sociale securite-sociale curp
    aadhaar personalausweis personalausweisnummer reisepass reisepassnummer rodné-číslo""".split()  # noqa: SIM905
"""What the number of a person, or of a paper that is theirs, is called."""
SHORTEST_ACCOUNT: Final = 5
SHORTEST_PERSON: Final = 6
"""Digits."""


def is_account(value: str) -> bool:
    """Whether there are enough digits for the number of an account or a bank."""
    return sum(map(str.isdigit, value)) >= SHORTEST_ACCOUNT


def is_person(value: str) -> bool:
    """Whether there are enough digits for the number of a person."""
    return sum(map(str.isdigit, value)) >= SHORTEST_PERSON


def _any_of(words: list[str]) -> str:
    """A pattern of these words, the longer ones first; a hyphen in one stands for a blank, a sign, or nothing."""
    return "|".join(word.replace("-", r"[ _.\-]{0,2}") for word in sorted(words, key=len, reverse=True))


def _cues(words: list[str]) -> str:
    """The first part of each word."""
    return " ".join(dict.fromkeys(word.split("-")[0] for word in words))


ACCOUNTS: tuple[Rule, ...] = (
    rule(
        "number",
        _cues(ACCOUNT),
        rf"""(?<!\w)(?:{_any_of(ACCOUNT)})[.:\#]?['"]?[ :=>\#.]{{1,4}}['"]?(?P<value>\d[\d \-/.]{{3,32}}\d)(?!\w)""",
        accepts=is_account,
    ),
    rule(
        "number",
        "bic swift",
        r"""\b(?:bic|swift)(?:[ \-/]?code)?['"]?[ :=>]{1,4}['"]?
          (?-i:(?P<value>[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?))\b""",
    ),
    rule(
        "number",
        _cues(PERSON),
        rf"""(?<!\w)(?:{_any_of(PERSON)})['"]?[ :=>\#.]{{1,4}}['"]?(?P<value>[A-Z0-9][\w.\-/]{{6,24}})""",
        accepts=is_person,
    ),
)
