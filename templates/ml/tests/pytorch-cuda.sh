# The driver sees a GPU, PyTorch sees it through CUDA, and computes on it what the processor computes.
nvidia-smi --query-gpu=name,driver_version --format=csv,noheader

/opt/python/bin/python - <<'PY'
import sys

import torch

if torch.version.cuda is None:
    sys.exit("this PyTorch was compiled without CUDA")
if not torch.cuda.is_available():
    sys.exit(f"PyTorch sees no GPU: the driver may be too old for CUDA {torch.version.cuda}")

torch.manual_seed(0)
a, b = torch.randn(512, 512), torch.randn(512, 512)
difference = (torch.matmul(a.cuda(), b.cuda()).cpu() - torch.matmul(a, b)).abs().max().item()
if difference > 0.1:
    sys.exit(f"a product of matrices differs by {difference} on the GPU")

convolution = torch.nn.Conv2d(3, 8, 3).cuda()
loss = convolution(torch.randn(2, 3, 32, 32, device="cuda")).square().mean()
loss.backward()
if not torch.backends.cudnn.is_available() or convolution.weight.grad is None:
    sys.exit("cuDNN does not work")
print(f"torch {torch.__version__}, CUDA {torch.version.cuda}, {torch.cuda.get_device_name()}")
PY
