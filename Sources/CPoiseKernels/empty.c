#include "poise_kernels.h"
