from django.db import migrations, models

KINDS = [
    ("staff", "Staff member"), ("intern", "Intern"), ("student", "Student"), ("guest", "Guest lecturer"),
    ("examiner", "Outside examiner"), ("coordinator", "School coordinator"),
]
ROLES = [
    ("staff", "Staff"), ("supervisor", "Supervisor"), ("service_manager", "Service manager"), ("general_manager", "General manager"),
    ("hr", "HR officer"), ("group_hr", "Group HR"), ("watcher", "Information assistant"), ("examiner", "Examiner"),
    ("author", "Course author"), ("student", "Student"), ("intern", "Intern"), ("mentor", "Mentor"),
    ("school_coordinator", "School coordinator"),
]  # fmt: skip
POSTS = [
    ("school_coordinator", "院校联系人", "School coordinator", "outside", "school_coordinator", True),
    ("student", "学生", "Student", "outside", "student", True),
    ("intern", "实习生", "Intern", "after_sales", "intern", False),
]


def add_posts(apps, schema_editor):
    """A house that has its posts already gets the three; a new one fills in all of them later."""
    Position, Department = (apps.get_model("people", name) for name in ("Position", "Department"))
    if not Position.objects.exists():
        return
    order = max(Position.objects.values_list("order", flat=True))
    for number, (code, zh, en, department, role, is_outside) in enumerate(POSTS, start=1):
        names = {"outside": ("外部人员", "Outside people"), "after_sales": ("售后服务部", "After-sales service")}[department]
        room, _new = Department.objects.get_or_create(code=department, defaults={"name_zh": names[0], "name_en": names[1]})
        Position.objects.get_or_create(
            code=code,
            defaults={
                "name_zh": zh, "name_en": en, "department": room, "role": role, "is_outside": is_outside, "order": order + 10 * number,
            },
        )  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0013_numbers_by_any_part"),
    ]

    operations = [
        migrations.AlterField(
            "position", "role", models.CharField(choices=ROLES, default="staff", max_length=20, verbose_name="role")
        ),
        migrations.AlterField(
            "employee", "kind", models.CharField(choices=KINDS, default="staff", max_length=12, verbose_name="what the person is")
        ),
        migrations.AlterField(
            "employmentevent",
            "person_kind",
            models.CharField(blank=True, choices=KINDS, max_length=12, verbose_name="what the person is"),
        ),
        migrations.RunPython(add_posts, migrations.RunPython.noop),
    ]
