"""Blueprints and rubrics of the demo: what is asked, at each level of each track."""

from assessments.exams.models import Blueprint, BlueprintLine
from assessments.practicals.models import Criterion, Rubric
from courses.catalogue.models import Topic
from lms.people.choices import Track

PAPER_LENGTH = 20
LEVEL_NAMES = {1: ("初级", "junior"), 2: ("中级", "intermediate"), 3: ("高级", "senior")}
TRACK_NAMES = {Track.SERVICE: ("服务顾问", "Service advisor"), Track.TECHNICAL: ("维修技师", "Technician")}

CRITERIA = {
    (Track.SERVICE, 1): [
        ("仪容与迎接", "Appearance and greeting", 20),
        ("倾听并复述客户的描述", "Listening and repeating the customer's words", 25),
        ("环车检查完整", "Complete walk-round check", 25),
        ("工单填写准确", "Correct job card", 20),
        ("礼貌道别与指引", "Polite farewell and guidance", 10),
    ],
    (Track.SERVICE, 2): [
        ("问诊有结构", "Structured questions about the symptom", 20),
        ("报价说明清楚", "Clear explanation of the estimate", 25),
        ("承诺工期合理", "Realistic promised time", 20),
        ("追加项目的沟通", "Talking about added work", 20),
        ("交车说明完整", "Complete explanation at hand-over", 15),
    ],
    (Track.SERVICE, 3): [
        ("安抚与倾听", "Calming and listening", 20),
        ("查明抱怨的根本原因", "Finding the root cause", 25),
        ("提出可行的解决方案", "Offering a workable solution", 25),
        ("跟踪到客户满意", "Following up until satisfied", 15),
        ("带教新人点评到位", "Coaching a junior well", 15),
    ],
    (Track.TECHNICAL, 1): [
        ("作业前安全准备", "Safety before starting", 20),
        ("保养项目按序完成", "Maintenance items in order", 30),
        ("扭矩与油液用量正确", "Right torque and fluid quantities", 25),
        ("工具使用与归位", "Use and return of tools", 15),
        ("自检与记录", "Own check and record", 10),
    ],
    (Track.TECHNICAL, 2): [
        ("制动系统测量准确", "Accurate brake measurements", 25),
        ("电路测量方法正确", "Correct electrical measurements", 25),
        ("故障判断有依据", "Diagnosis founded on evidence", 25),
        ("维修质量与返工率", "Quality of the repair", 15),
        ("现场 5S", "Tidy workplace (5S)", 10),
    ],
    (Track.TECHNICAL, 3): [
        ("疑难故障分析思路", "Reasoning about a hard fault", 30),
        ("高压断电与验电", "De-energising and proving dead", 25),
        ("制定维修方案与工时", "Planning the repair and its time", 20),
        ("指导初级技师", "Guiding a junior technician", 15),
        ("技术报告", "Technical report", 10),
    ],
}


def make_blueprints():
    for track, (zh, en) in TRACK_NAMES.items():
        topics = list(Topic.objects.filter(track=track))
        for level, (level_zh, level_en) in LEVEL_NAMES.items():
            blueprint, made = Blueprint.objects.filter(frozen_at=None).get_or_create(
                track=track,
                level=level,
                name_zh=f"{zh}{level_zh}理论",
                defaults={"name_en": f"{en}, {level_en}: theory", "minutes": 40},
            )
            if made:
                BlueprintLine.objects.bulk_create(_lines(blueprint, topics, level))


def _lines(blueprint, topics, level):
    """The paper's questions spread as evenly over the topics as they go."""
    each, more = divmod(PAPER_LENGTH, len(topics))
    return [
        BlueprintLine(blueprint=blueprint, topic=topic, level=level, count=each + (index < more), points=5)
        for index, topic in enumerate(topics)
    ]


def make_rubrics():
    for (track, level), criteria in CRITERIA.items():
        zh, en = TRACK_NAMES[track]
        level_zh, level_en = LEVEL_NAMES[level]
        rubric, made = Rubric.objects.filter(frozen_at=None).get_or_create(
            track=track, level=level, name_zh=f"{zh}{level_zh}实操", defaults={"name_en": f"{en}, {level_en}: practical"}
        )
        if made:
            Criterion.objects.bulk_create(
                Criterion(rubric=rubric, name_zh=name_zh, name_en=name_en, max_points=points, order=order)
                for order, (name_zh, name_en, points) in enumerate(criteria, start=1)
            )
