#pragma once

#include <gradus/models/losses/regression.h>
