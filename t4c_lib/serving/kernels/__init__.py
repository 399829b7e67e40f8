"""Kernels that are ready at once: forked from a process in which everything is imported already."""

from t4c_lib.serving.kernels.client import PromptClient
from t4c_lib.serving.kernels.keeper import PageKernels
from t4c_lib.serving.kernels.provisioner import PROVISIONER, WarmProvisioner
from t4c_lib.serving.kernels.warm import WarmParent, can_fork

__all__ = ["PROVISIONER", "PageKernels", "PromptClient", "WarmParent", "WarmProvisioner", "can_fork"]
