"""Public functions that are loaded when they are first used, and the modules that define them."""

from __future__ import annotations

_NAMES = {
    "_core.shape_base": "atleast_1d atleast_2d atleast_3d block hstack stack unstack vstack",
    "_core.function_base": "linspace logspace",
    "_core.getlimits": "finfo iinfo",
    "lib._function_base_impl": "extract hanning iterable place",
    "lib._index_tricks_impl": """
        c_ diag_indices diag_indices_from fill_diagonal index_exp ix_ mgrid ndenumerate ndindex ogrid r_ s_""",
    "lib._shape_base_impl": """
        apply_along_axis apply_over_axes array_split column_stack dsplit dstack expand_dims hsplit kron put_along_axis
        row_stack split take_along_axis tile vsplit""",
    "lib._stride_tricks_impl": "broadcast_arrays broadcast_shapes broadcast_to",
    "lib._twodim_base_impl": """
        diag diagflat eye fliplr flipud mask_indices tri tril tril_indices tril_indices_from triu triu_indices
        triu_indices_from vander""",
}

OWNERS = {name: module for module, names in _NAMES.items() for name in names.split()}
