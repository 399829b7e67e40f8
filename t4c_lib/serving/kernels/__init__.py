"""Kernels that are ready at once: forked from a process in which everything is imported already."""

from t4c_lib.serving.kernels.provisioner import (
    PROVISIONER,
    PageKernels,
    PromptClient,
    WarmParent,
    WarmProvisioner,
    can_fork,
)

__all__ = ["PROVISIONER", "PageKernels", "PromptClient", "WarmParent", "WarmProvisioner", "can_fork"]
