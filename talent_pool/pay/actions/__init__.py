from talent_pool.pay.actions.exporting import export_payroll, request_export
from talent_pool.pay.actions.proposing import propose_after_appeal, propose_by_hand, propose_pay_changes, reverse_pay_change
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes, reject_pay_change
from talent_pool.pay.actions.tables import make_band_table
from talent_pool.pay.actions.withdrawing import withdraw_unfit_changes

__all__ = [
    "approve_pay_changes",
    "countersign_pay_changes",
    "export_payroll",
    "make_band_table",
    "propose_after_appeal",
    "propose_by_hand",
    "propose_pay_changes",
    "reject_pay_change",
    "request_export",
    "reverse_pay_change",
    "withdraw_unfit_changes",
]
