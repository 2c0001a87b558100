"""What beat asks for, as intervals in seconds: local time is worked out elsewhere, once."""

BEAT_SCHEDULE = {
    "clear-expired-sessions": {"task": "accounts.clear_expired_sessions", "schedule": 3600.0},
    "deliver-messages": {"task": "accounts.deliver_messages", "schedule": 60.0},
    "deliver-to-applicants": {"task": "programme.deliver_applicant_mail", "schedule": 60.0},
    "drop-old-drafts": {"task": "programme.drop_old_drafts", "schedule": 86400.0},
    "drop-old-supervision-drafts": {"task": "supervision.drop_old_drafts", "schedule": 86400.0},
    "let-go-of-private-things": {"task": "wellbeing.let_go", "schedule": 86400.0},
    "refresh-supervision-due": {"task": "supervision.refresh_due", "schedule": 3600.0},
    "drop-unfinished-check-ins": {"task": "wellbeing.drop_unfinished", "schedule": 86400.0},
    "sweep-reminders": {"task": "notifications.sweep", "schedule": 30.0},
    "resume-imports": {"task": "programme.resume_imports", "schedule": 30.0},
    "resume-reports": {"task": "lxp.resume_reports", "schedule": 30.0},
    "count-what-weighs-on-teams": {"task": "wellbeing.count_burden", "schedule": 86400.0},
    "end-lapsed-shares": {"task": "wellbeing.end_lapsed", "schedule": 3600.0},
    "work-out-groups": {"task": "wellbeing.work_out_groups", "schedule": 86400.0},
}
