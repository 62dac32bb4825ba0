"""The last quarter's cycle of each track, published: who could sit, how they did, and for those who passed a certificate and an award."""

from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from assessments.certification.models import Certificate, OEMCertificate
from assessments.grading.eligibility import is_eligible
from assessments.grading.models import (
    Candidacy,
    Component,
    ComponentResult,
    ComponentSitting,
    Cycle,
    Finding,
    LevelDecision,
    PanelMember,
)
from lms.people.choices import Track
from lms.people.models import Employee
from tests.load.scale.exams import findings_for
from tests.load.scale.frame import AIM, BATCH, moment

PASS_MARK = 60
Outcome, Seat = Candidacy.Outcome, PanelMember.Seat


def add_grading(frame, stores):
    cycles = Cycle.objects.bulk_create([_cycle(frame, store, track) for store in stores for track in Track])
    of_store = {store.dealer.pk: store for store in stores}
    _seat_panels(frame, cycles, of_store)
    candidacies, workers = [], []
    for cycle in cycles:
        store = of_store[cycle.dealer_id]
        rows = [_candidacy(frame, cycle, worker) for worker in store.track(cycle.track)]
        store.candidacies[cycle.track] = rows
        candidacies += rows
        workers += store.track(cycle.track)
    Candidacy.objects.bulk_create(candidacies, batch_size=BATCH)
    _add_results(frame, [(row, worker) for row, worker in zip(candidacies, workers, strict=True) if worker.paper])
    findings = [_finding(candidacy, found) for candidacy in candidacies for found in candidacy.findings]
    Finding.objects.bulk_create(findings, batch_size=BATCH)
    _award(frame, stores)
    _add_oem_certificates(frame, stores)


def _cycle(frame, store, track):
    year, quarter = frame.quarter
    hr = store.user("hr_officer")
    return Cycle(
        dealer=store.dealer,
        track=track,
        year=year,
        quarter=quarter,
        status=Cycle.Status.PUBLISHED,
        needs_three_sheets=True,
        opened_at=moment(frame.first + timedelta(days=6), 9),
        opened_by=hr,
        locked_at=moment(frame.locked_on, 17),
        locked_by=hr,
        published_at=frame.published_at,
        published_by=hr,
        followed_up_at=frame.published_at + timedelta(minutes=1),
    )


def _seat_panels(frame, cycles, of_store):
    """The three of G3, each with their signature."""
    signed_at = frame.published_at - timedelta(days=2)
    rows = []
    for cycle in cycles:
        for seat, examiner in of_store[cycle.dealer_id].panel(cycle.track).items():
            rows.append(PanelMember(cycle=cycle, seat=seat, examiner=examiner, signed_at=signed_at, signed_by=examiner.user))
    PanelMember.objects.bulk_create(rows, batch_size=BATCH)


def _candidacy(frame, cycle, worker):
    findings = findings_for(worker)
    return Candidacy(
        cycle=cycle,
        employee=worker.employee,
        from_level=AIM - 1,
        to_level=AIM,
        is_eligible=is_eligible(findings),
        findings=findings,
        computed_at=cycle.locked_at,
        computations=1,
        outcome=_outcome(worker, is_eligible(findings)),
    )


def _add_results(frame, sat):
    """Theory and practical of each cycle, and what everyone who had a paper reached in them."""
    papers = {row.cycle: worker.paper for row, worker in sat}
    theory = {cycle: Component(cycle=cycle, level=AIM, kind="theory", blueprint=frame.blueprints[cycle.track]) for cycle in papers}
    practical = {cycle: Component(cycle=cycle, level=AIM, kind="practical", rubric=frame.rubrics[cycle.track]) for cycle in papers}
    Component.objects.bulk_create([*theory.values(), *practical.values()], batch_size=BATCH)
    sittings = {cycle: ComponentSitting(component=theory[cycle], sitting=paper.sitting) for cycle, paper in papers.items()}
    ComponentSitting.objects.bulk_create(sittings.values(), batch_size=BATCH)
    results = []
    for row, worker in sat:
        written = {"sitting": sittings[row.cycle], "paper": worker.paper, "score": worker.theory_score}
        results.append(ComponentResult(candidacy=row, component=theory[row.cycle], **written))
        shown = {"practical": worker.practical, "score": worker.practical_score}
        results.append(ComponentResult(candidacy=row, component=practical[row.cycle], **shown))
    ComponentResult.objects.bulk_create(results, batch_size=BATCH)


def _finding(candidacy, found):
    return Finding(candidacy=candidacy, number=1, found_at=candidacy.computed_at, found_by=candidacy.cycle.locked_by, **found)


def _outcome(worker, may_sit):
    if worker.theory_score is None:
        return Outcome.MISSED if may_sit else Outcome.NOT_ADMITTED
    passed = min(worker.theory_score, worker.practical_score) >= PASS_MARK
    return Outcome.PASSED if passed else Outcome.FAILED


def _award(frame, stores):
    """Certificates, then awards, then the levels on the employees: the order that the database's triggers ask for (G2)."""
    certificates, awards = [], []
    for store in stores:
        for track, rows in store.candidacies.items():
            for row in rows:
                if row.outcome == Outcome.PASSED:
                    certificates.append(_certificate(frame, store, row))
                    store.awards.append(_award_of(frame, store, track, row, certificates[-1]))
        awards += store.awards
    Certificate.objects.bulk_create(certificates, batch_size=BATCH)
    LevelDecision.objects.bulk_create(awards, batch_size=BATCH)
    for track in Track:
        risen = [award.employee_id for award in awards if award.track == track]
        Employee.objects.filter(pk__in=risen).update(**{f"{track}_level": AIM})


def _certificate(frame, store, row):
    year, quarter = frame.quarter
    number = f"{store.dealer.code}-{year}Q{quarter}-{len(store.awards) + 1:04}"
    return Certificate(
        employee=row.employee,
        number=number,
        code=sha256(f"{frame.seed}/{number}".encode()).hexdigest()[:24],
        source=f"candidacy:{row.pk}",
        track=row.cycle.track,
        level=AIM,
        holder_name=row.employee.name,
        dealer_zh=store.dealer.name_zh,
        dealer_en=store.dealer.name_en,
        issued_at=frame.published_at,
        issued_by=store.user("hr_officer"),
    )


def _award_of(frame, store, track, row, certificate):
    year, quarter = frame.quarter
    return LevelDecision(
        kind=LevelDecision.Kind.AWARD,
        number=1,
        candidacy=row,
        cycle=row.cycle,
        employee=row.employee,
        track=track,
        year=year,
        quarter=quarter,
        from_level=AIM - 1,
        to_level=AIM,
        certificate=certificate,
        effective_on=timezone.localdate(frame.published_at),
        decided_at=frame.published_at,
        decided_by=store.user("hr_officer"),
    )


def _add_oem_certificates(frame, stores):
    """The maker's certificates (G8): nearly half of the technicians, a third of the advisors."""
    rows = []
    for store in stores:
        for position, share in (("technician", 0.48), ("advisor", 0.36)):
            for worker in store.workers[position]:
                if store.random.random() < share:
                    rows.append(_oem_certificate(frame, store, worker))
    OEMCertificate.objects.bulk_create(rows, batch_size=BATCH)


def _oem_certificate(frame, store, worker):
    level = store.random.choice([1, 1, 2])
    issued_on = frame.first - timedelta(days=store.random.randint(10, 600))
    return OEMCertificate(
        employee=worker.employee,
        name="厂家技术认证" if worker.employee.position.code == "technician" else "厂家服务认证",
        level=level,
        number=f"OEM-{worker.employee.number}",
        issued_on=issued_on,
        expires_on=issued_on + timedelta(days=730),
        recorded_by=store.user("hr_officer"),
    )
