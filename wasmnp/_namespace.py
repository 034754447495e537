"""Public functions that are loaded when they are first used, and the modules that define them."""

from __future__ import annotations

_NAMES = {
    "_core._array_api": "ascontiguousarray asfortranarray cumulative_prod cumulative_sum matrix_transpose resize",
    "_core._multiarray_umath": "from_dlpack frompyfunc",
    "_core._busdays": "busday_count busday_offset busdaycalendar datetime_as_string is_busday",
    "_core._products": "convolve correlate cross outer tensordot",
    "_core.shape_base": "atleast_1d atleast_2d atleast_3d block hstack stack unstack vstack",
    "_core.einsumfunc": "einsum einsum_path",
    "_core.function_base": "geomspace linspace logspace",
    "_core.getlimits": "finfo iinfo",
    "_core.memmap": "memmap",
    "lib._arraypad_impl": "pad",
    "lib._arraysetops_impl": """
        ediff1d intersect1d isin setdiff1d setxor1d union1d unique unique_all unique_counts unique_inverse
        unique_values""",
    "lib._calculus_impl": "diff gradient interp trapezoid unwrap",
    "lib._function_base_impl": """
        angle asarray_chkfinite copy extract flip iterable meshgrid piecewise place rot90 select sort_complex""",
    "lib._histograms_impl": "histogram histogram_bin_edges histogramdd",
    "lib._index_tricks_impl": """
        c_ diag_indices diag_indices_from fill_diagonal index_exp ix_ mgrid ndenumerate ndindex ogrid r_ s_""",
    "lib._insertion_impl": "append delete insert trim_zeros",
    "lib._nanfunctions_impl": """
        nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile
        nanstd nansum nanvar""",
    "lib._npyio_impl": "load save savez savez_compressed",
    "lib._polynomial_impl": "poly poly1d polyadd polyder polydiv polyint polymul polysub polyval",
    "lib._quantile_impl": "digitize median percentile quantile",
    "lib._shape_base_impl": """
        apply_along_axis apply_over_axes array_split column_stack dsplit dstack expand_dims hsplit kron put_along_axis
        row_stack split take_along_axis tile vsplit""",
    "lib._statistics_impl": "average corrcoef cov",
    "lib._stride_tricks_impl": "broadcast_arrays broadcast_shapes broadcast_to",
    "lib._twodim_base_impl": """
        diag diagflat eye fliplr flipud histogram2d mask_indices tri tril tril_indices tril_indices_from triu
        triu_indices triu_indices_from vander""",
    "lib._type_check_impl": """
        common_type imag iscomplex iscomplexobj isreal isrealobj mintypecode nan_to_num real real_if_close typename""",
    "lib._ufunclike_impl": "fix isneginf isposinf",
    "lib._utils_impl": "info",
    "lib._vectorize_impl": "vectorize",
    "lib._windows_impl": "bartlett blackman hamming hanning i0 kaiser sinc",
    "matrixlib.defmatrix": "asmatrix bmat matrix",
    "__config__": "show_config",
}

OWNERS = {name: module for module, names in _NAMES.items() for name in names.split()}
