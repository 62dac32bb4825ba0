from celery import shared_task

from lms.jobs.actions import run_job


@shared_task(name="jobs.run")
def run(job_id):
    run_job(job_id=job_id)
