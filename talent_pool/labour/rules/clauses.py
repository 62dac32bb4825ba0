"""Where each rule stands, and since when that holds. Named, never advised on."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Clause:
    words: str | Promise
    since: date


INTERNSHIPS = date(2022, 1, 1)
EDUCATION = date(2022, 5, 1)
CONTRACTS = date(2008, 1, 1)
LABOUR = date(1995, 1, 1)
HOURS = date(1995, 5, 1)
CHILDREN = date(2002, 12, 1)
PROVISIONAL = date(2016, 4, 11)

KINDS = Clause(_("Rules for internships of vocational-school students (教职成〔2021〕4号), art. 2"), INTERNSHIPS)
LIMITS = Clause(_("Rules for internships of vocational-school students (教职成〔2021〕4号), art. 16"), INTERNSHIPS)
PAY = Clause(_("Rules for internships of vocational-school students (教职成〔2021〕4号), art. 18"), INTERNSHIPS)
AGREEMENTS = Clause(
    _("Rules for internships of vocational-school students (教职成〔2021〕4号); provincial rules of Shaanxi and Jiangsu"), INTERNSHIPS
)
INSURANCE = Clause(_("Rules for internships of vocational-school students (教职成〔2021〕4号); Jiangsu rules of 2022"), INTERNSHIPS)
WHOLE_RULE = Clause(_("Rules for internships of vocational-school students (教职成〔2021〕4号)"), INTERNSHIPS)
FEES = Clause(_("Vocational Education Law (2022), art. 42"), EDUCATION)
TRAINEES = Clause(_("Vocational Education Law (2022), art. 50 and 30"), EDUCATION)
SHARES = Clause(_("Provisional internship rules of 2016, art. 9; believed kept in 2021 as a general rule"), PROVISIONAL)
NO_NIGHTS = Clause(_("Provisional internship rules of 2016, restated by Jiangsu in 2022"), PROVISIONAL)
LENGTH = Clause(_("Provincial internship rules"), PROVISIONAL)
CHILD_LABOUR = Clause(_("Provisions on the prohibition of child labour, art. 2 and 4"), CHILDREN)
MINORS = Clause(_("Labour Law, art. 58"), LABOUR)
WORKING_HOURS = Clause(_("Working-hours rule of 1995, art. 3; Labour Law, art. 36"), HOURS)
REST = Clause(_("Labour Law, art. 38"), LABOUR)
OVERTIME = Clause(_("Labour Law, art. 41"), LABOUR)
PROBATION = Clause(_("Labour Contract Law, art. 19"), CONTRACTS)
PROBATION_PAY = Clause(_("Labour Contract Law, art. 20"), CONTRACTS)
PROBATION_BEYOND = Clause(_("Labour Contract Law, art. 83"), CONTRACTS)
BONDS = Clause(_("Labour Contract Law, art. 22 and 25"), CONTRACTS)
