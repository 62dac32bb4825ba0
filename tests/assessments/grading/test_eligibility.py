from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.eligibility import NEWEST, Facts, Rules, courses_missing, findings_of, found, is_eligible, judge, words_of

counts = st.integers(min_value=0, max_value=60)
facts = st.builds(
    Facts,
    level=st.integers(min_value=0, max_value=3),
    in_track=st.booleans(),
    on_leave=st.booleans(),
    risen=st.integers(min_value=0, max_value=1),
    elsewhere=st.integers(min_value=0, max_value=1),
    attended=counts,
    expected=counts,
    reflections_owed=st.integers(min_value=0, max_value=3),
    courses_missing=st.lists(st.integers(min_value=1), max_size=3),
)
rules = st.builds(
    Rules, min_attendance=st.integers(min_value=0, max_value=100), needs_reflections=st.booleans(), needs_courses=st.booleans()
)
WELL = {"level": 1, "attended": 10, "expected": 10}


def met(rule, facts, rules=None):
    return {finding["rule"]: finding["met"] for finding in findings_of(facts, rules or Rules())}[rule]


@given(facts, rules)
def test_eligible_means_that_every_finding_is_met(facts, rules):
    findings = findings_of(facts, rules)
    assert is_eligible(findings) == all(finding["met"] for finding in findings)


@given(facts, rules)
def test_every_finding_has_words(facts, rules):
    assert all(words_of(finding) for finding in findings_of(facts, rules))


@given(counts, st.integers(min_value=1, max_value=60), st.integers(min_value=0, max_value=100))
def test_attendance_is_met_from_exactly_the_share_on(attended, expected, need):
    finding = found("attendance", {"attended": attended, "expected": expected}, need)
    assert finding["met"] == (attended / expected >= need / 100 or 100 * attended == need * expected)
    assert finding["have"] == int(100 * attended / expected + 1e-9)


def test_eight_of_ten_is_80_per_cent_and_enough_and_seven_is_not():
    assert met("attendance", Facts(level=0, attended=8, expected=10))
    assert not met("attendance", Facts(level=0, attended=7, expected=10))


def test_79_and_a_half_per_cent_is_not_80():
    assert not met("attendance", Facts(level=0, attended=159, expected=200))


def test_without_a_closed_session_attendance_is_met_and_said_so():
    finding = found("attendance", {"attended": 0, "expected": 0}, 80)
    assert finding["met"]
    assert finding["have"] is None
    assert "no session" in words_of(finding) or "80" in words_of(finding)


def test_sessions_that_nobody_noted_count_as_missed_and_the_finding_says_what_to_do():
    (finding,) = [one for one in findings_of(Facts(level=0, attended=3, expected=5, not_noted=2), Rules()) if one["rule"] == "attendance"]
    assert (finding["met"], finding["have"], finding["version"]) == (False, 60, 3)
    assert "2 次未记录" in words_of(finding)
    (finding,) = [one for one in findings_of(Facts(level=0, attended=9, expected=10, not_noted=1), Rules()) if one["rule"] == "attendance"]
    assert finding["met"]
    assert "未记录" not in words_of(finding)


def test_whoever_was_never_noted_is_not_admitted_by_it():
    assert not met("attendance", Facts(level=0, attended=0, expected=9, not_noted=9))


def test_each_rule_alone_can_keep_someone_from_sitting():
    for rule, change in [
        ("leave", {"on_leave": True}),
        ("post", {"in_track": False}),
        ("level", {"level": 3}),
        ("level", {"risen": 1}),
        ("level", {"elsewhere": 1}),
        ("attendance", {"attended": 0}),
        ("reflections", {"reflections_owed": 1}),
        ("courses", {"courses_missing": [7]}),
    ]:
        findings = findings_of(Facts(**{**WELL, **change}), Rules())
        assert [finding["rule"] for finding in findings if not finding["met"]] == [rule]


def test_rules_that_the_cycle_does_not_ask_for_are_not_looked_at():
    facts = Facts(**WELL, reflections_owed=3, courses_missing=[1])
    assert is_eligible(findings_of(facts, Rules(needs_reflections=False, needs_courses=False)))


def test_the_missing_courses_are_named():
    (finding,) = [f for f in findings_of(Facts(**WELL, courses_missing=[7, 9]), Rules()) if f["rule"] == "courses"]
    assert (finding["have"], courses_missing(finding)) == (2, [7, 9])
    assert courses_missing({"rule": "courses", "met": False, "have": 1, "need": 0, "courses": [7]}) == [7]  # as 0.1 kept it


@given(facts, rules)
def test_what_was_found_is_found_again_from_the_figures_kept_with_it(facts, rules):
    for finding in findings_of(facts, rules):
        assert judge(finding["rule"], finding["version"], finding["figures"], finding["need"]) == (finding["met"], finding["have"])


@given(facts, rules)
def test_the_records_are_those_of_their_rule_and_every_rule_has_its_version(facts, rules):
    with_records = replace(facts, records={"attendance": {"attended": [1]}})
    kept = {finding["rule"]: (finding["records"], finding["version"]) for finding in findings_of(with_records, rules)}
    assert kept == {rule: ({"attended": [1]} if rule == "attendance" else {}, NEWEST[rule]) for rule in kept}
