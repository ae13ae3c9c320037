"""How each kind of thing is drawn: flat shapes in a square of 200, coloured by {c} main, {d} dark, {l} light."""

BOOT = (
    '<path d="M70 42h44l4 62c18 6 40 10 46 26v16H66c-6-30-2-70 4-104z" fill="{c}"/>'
    '<path d="M62 146h104v10a8 8 0 0 1-8 8H70a8 8 0 0 1-8-8z" fill="{d}"/>'
    '<path d="M70 42h44l1 14H68z" fill="{l}"/><path d="M92 74l24-4M93 88l25-4M95 102l25-4" stroke="{l}" '
    'stroke-width="5" stroke-linecap="round"/>'
)
SHOE = (
    '<path d="M40 92c16 8 32 4 46-10l30 26c16 10 44 8 48 28v10H38c-6-16-4-38 2-54z" fill="{c}"/>'
    '<path d="M36 146h130c0 12-6 18-14 18H48c-8 0-12-8-12-18z" fill="{l}"/><path d="M36 146h130v6H36z" fill="{d}"/>'
    '<path d="M90 96l14-12M102 106l14-12M114 116l12-12" stroke="{l}" stroke-width="5" stroke-linecap="round"/>'
)
SANDAL = (
    '<path d="M34 142c20-12 96-16 132-6 6 12 0 24-12 24H46c-10 0-14-8-12-18z" fill="{d}"/>'
    '<path d="M62 138c4-34 20-52 34-56l8 52zM112 134c2-18 8-30 20-34l18 34z" fill="none" stroke="{c}" stroke-width="10" '
    'stroke-linejoin="round"/><path d="M60 112l46 4" stroke="{l}" stroke-width="8"/>'
)
SOCKS = (
    '<path d="M74 36h44v66l38 28c14 12 2 32-16 30-24-2-52-18-64-36-4-30-4-60-2-88z" fill="{c}"/>'
    '<path d="M73 36h46v18H73z" fill="{d}"/><path d="M72 64h46M72 76h46" stroke="{l}" stroke-width="5"/>'
    '<path d="M148 122c16 10 10 36-10 38 2-16 2-26 10-38z" fill="{l}"/>'
)
JACKET = (
    '<path d="M72 40c16-10 40-10 56 0l32 26 14 76-22 8-10-44v58H58v-58l-10 44-22-8 14-76z" fill="{c}"/>'
    '<path d="M80 34c12-8 28-8 40 0v22c-12 8-28 8-40 0z" fill="{d}"/><path d="M100 60v104" stroke="{d}" '
    'stroke-width="4"/><path d="M64 124h24M112 124h24" stroke="{l}" stroke-width="5" stroke-linecap="round"/>'
)
VEST = (
    '<path d="M74 38l26 18 26-18 20 22-4 24v80H58V84l-4-24z" fill="{c}"/><path d="M100 56v108" stroke="{d}" '
    'stroke-width="5"/><path d="M58 88h84M58 112h84M58 136h84" stroke="{l}" stroke-width="4"/>'
)
SHIRT = (
    '<path d="M70 44l30 14 30-14 36 22-12 32-20-8v76H66V90l-20 8-12-32z" fill="{c}"/>'
    '<path d="M80 48c6 14 34 14 40 0" fill="none" stroke="{d}" stroke-width="6"/><path d="M66 150h68" stroke="{l}" '
    'stroke-width="6"/><path d="M80 104h40" stroke="{l}" stroke-width="5"/>'
)
TROUSERS = (
    '<path d="M64 38h72l12 128h-34l-14-84-14 84H52z" fill="{c}"/><path d="M64 38h72l2 14H62z" fill="{d}"/>'
    '<path d="M60 104h24M116 104h26" stroke="{l}" stroke-width="6"/>'
)
SHORTS = (
    '<path d="M58 56h84l14 82h-44l-12-36-12 36H44z" fill="{c}"/><path d="M58 56h84l2 14H56z" fill="{d}"/>'
    '<path d="M94 70l-6 18M106 70l6 18" stroke="{l}" stroke-width="5" stroke-linecap="round"/>'
)
PONCHO = (
    '<path d="M100 34c18 0 26 14 26 28l48 84c-40 22-108 22-148 0l48-84c0-14 8-28 26-28z" fill="{c}"/>'
    '<circle cx="100" cy="62" r="14" fill="{d}"/><path d="M100 84v70" stroke="{l}" stroke-width="5"/>'
)
HAT = (
    '<path d="M48 126c0-52 22-76 52-76s52 24 52 76z" fill="{c}"/><rect x="42" y="116" width="116" height="30" rx="12" '
    'fill="{d}"/><circle cx="100" cy="46" r="13" fill="{l}"/><path d="M76 62v50M100 58v54M124 62v50" stroke="{l}" '
    'stroke-width="4"/>'
)
SUNHAT = (
    '<ellipse cx="100" cy="128" rx="78" ry="24" fill="{d}"/><path d="M60 124c0-44 12-66 40-66s40 22 40 66c-24 10-56 '
    '10-80 0z" fill="{c}"/><path d="M60 114c24 10 56 10 80 0v12c-24 10-56 10-80 0z" fill="{l}"/>'
)
CAP = (
    '<path d="M44 118c0-44 24-64 54-64s50 22 50 64z" fill="{c}"/><path d="M128 112c22 0 40 8 46 20H60c20-14 40-20 '
    '68-20z" fill="{d}"/><circle cx="98" cy="54" r="6" fill="{l}"/>'
)
GLOVES = (
    '<path d="M60 160v-46L46 92c-4-10 8-16 14-8l8 12 2-44c0-10 14-10 14 0l2 36 2-42c0-10 14-10 14 0l1 42 5-36c2-9 15-8 14 '
    '2l-3 40 8-24c4-9 16-5 14 4l-14 56v30z" fill="{c}"/><rect x="56" y="144" width="72" height="20" rx="6" fill="{d}"/>'
)
SCARF = (
    '<rect x="54" y="46" width="92" height="108" rx="30" fill="{c}"/><ellipse cx="100" cy="58" rx="44" ry="16" '
    'fill="{d}"/><path d="M58 92c24 12 60 12 84 0M58 116c24 12 60 12 84 0" stroke="{l}" stroke-width="5" fill="none"/>'
)
BACKPACK = (
    '<path d="M56 76c0-28 20-42 44-42s44 14 44 42v76a14 14 0 0 1-14 14H70a14 14 0 0 1-14-14z" fill="{c}"/>'
    '<path d="M82 36c0-16 36-16 36 0" fill="none" stroke="{d}" stroke-width="8"/><rect x="70" y="104" width="60" '
    'height="44" rx="8" fill="{d}"/><path d="M70 116h60" stroke="{l}" stroke-width="4"/><path d="M60 84h80" '
    'stroke="{l}" stroke-width="5"/><rect x="44" y="96" width="12" height="50" rx="6" fill="{d}"/>'
)
POUCH = (
    '<path d="M52 74h96v76a16 16 0 0 1-16 16H68a16 16 0 0 1-16-16z" fill="{c}"/><path d="M52 74c12-26 84-26 96 0z" '
    'fill="{d}"/><path d="M84 110h32" stroke="{l}" stroke-width="8" stroke-linecap="round"/>'
)
TENT = (
    '<path d="M100 48l74 108H26z" fill="{c}"/><path d="M100 48l74 108h-40z" fill="{d}"/><path d="M100 84l24 72H76z" '
    'fill="{l}"/><path d="M100 48v-12M26 156l-10 6M174 156l10 6" stroke="{d}" stroke-width="5" stroke-linecap="round"/>'
)
TARP = (
    '<path d="M30 86l70-36 70 36-20 30-50-18-50 18z" fill="{c}"/><path d="M100 50l70 36-20 30-50-18z" fill="{d}"/>'
    '<path d="M50 116v46M150 116v46M100 98v64" stroke="{l}" stroke-width="6" stroke-linecap="round"/>'
)
PEGS = (
    '<path d="M60 46l10 108M90 42l6 116M122 42l-4 116M150 46l-8 108" stroke="{c}" stroke-width="9" '
    'stroke-linecap="round"/><path d="M52 52h18M82 48h18M112 48h18M142 52h18" stroke="{d}" stroke-width="9" '
    'stroke-linecap="round"/>'
)
BAG = (
    '<path d="M66 60c0-20 14-28 34-28s34 8 34 28l10 92c0 14-20 18-44 18s-44-4-44-18z" fill="{c}"/>'
    '<ellipse cx="100" cy="58" rx="24" ry="18" fill="{l}"/><path d="M58 96h84M56 122h88M56 146h88" stroke="{d}" '
    'stroke-width="5"/>'
)
MAT = (
    '<path d="M40 64h92a24 24 0 0 1 0 48H40z" fill="{c}"/><circle cx="132" cy="88" r="24" fill="{d}"/><circle cx="132" '
    'cy="88" r="12" fill="{l}"/><path d="M40 112h120v30H40z" fill="{c}"/><path d="M66 64v48M94 64v48M66 112v30M94 '
    '112v30M122 112v30" stroke="{d}" stroke-width="4"/>'
)
PILLOW = (
    '<path d="M42 76c20-10 96-10 116 0 8 16 8 36 0 52-20 10-96 10-116 0-8-16-8-36 0-52z" fill="{c}"/>'
    '<path d="M60 92c24-8 56-8 80 0" stroke="{l}" stroke-width="6" fill="none" stroke-linecap="round"/>'
)
STOVE = (
    '<rect x="80" y="100" width="40" height="58" rx="10" fill="{c}"/><path d="M62 84h76M74 84l-14-16M126 84l14-16" '
    'stroke="{d}" stroke-width="8" stroke-linecap="round"/><path d="M84 100h32" stroke="{l}" stroke-width="6"/>'
    '<path d="M100 78c-16-14 4-24 0-40 18 12 20 30 0 40z" fill="#e07a1f"/>'
)
POT = (
    '<path d="M48 80h104v58a22 22 0 0 1-22 22H70a22 22 0 0 1-22-22z" fill="{c}"/><rect x="42" y="68" width="116" '
    'height="16" rx="8" fill="{d}"/><circle cx="100" cy="60" r="9" fill="{l}"/><path d="M152 96h22" stroke="{d}" '
    'stroke-width="9" stroke-linecap="round"/>'
)
PAN = (
    '<ellipse cx="84" cy="108" rx="56" ry="40" fill="{c}"/><ellipse cx="84" cy="104" rx="44" ry="30" fill="{d}"/>'
    '<path d="M134 92l44-22" stroke="{c}" stroke-width="14" stroke-linecap="round"/><ellipse cx="80" cy="102" rx="18" '
    'ry="12" fill="#fff"/><circle cx="82" cy="101" r="6" fill="#efb11c"/>'
)
MUG = (
    '<path d="M54 64h78v78a18 18 0 0 1-18 18H72a18 18 0 0 1-18-18z" fill="{c}"/><path d="M132 84c34-6 34 44 0 40" '
    'fill="none" stroke="{c}" stroke-width="11"/><path d="M52 64h82" stroke="{d}" stroke-width="8" '
    'stroke-linecap="round"/><circle cx="76" cy="110" r="5" fill="{l}"/><circle cx="104" cy="96" r="4" fill="{l}"/>'
)
BOTTLE = (
    '<path d="M76 66h48c8 10 12 20 12 32v56a12 12 0 0 1-12 12H76a12 12 0 0 1-12-12V98c0-12 4-22 12-32z" fill="{c}"/>'
    '<rect x="82" y="34" width="36" height="28" rx="8" fill="{d}"/><path d="M64 112h72" stroke="{l}" '
    'stroke-width="10"/>'
)
LAMP = (
    '<rect x="66" y="70" width="68" height="76" rx="14" fill="{l}"/><path d="M76 78h48v60H76z" fill="#f7d774"/>'
    '<rect x="58" y="142" width="84" height="22" rx="8" fill="{c}"/><path d="M62 72c8-18 68-18 76 0z" fill="{c}"/>'
    '<path d="M76 56c0-26 48-26 48 0" fill="none" stroke="{d}" stroke-width="6"/>'
)
HEADLAMP = (
    '<path d="M30 112c10-60 130-60 140 0" fill="none" stroke="{c}" stroke-width="16"/><rect x="70" y="84" width="60" '
    'height="48" rx="14" fill="{d}"/><circle cx="100" cy="108" r="17" fill="#f7d774"/><path d="M84 140l-10 24M100 '
    '142v26M116 140l10 24" stroke="#f0c64a" stroke-width="5" stroke-linecap="round"/>'
)
TORCH = (
    '<path d="M52 122l62-50 20 24-64 48z" fill="{c}"/><path d="M112 70l30-20 22 30-28 20z" fill="{d}"/>'
    '<path d="M160 44l14-12M170 62l18-4M146 34l6-18" stroke="#f0c64a" stroke-width="6" stroke-linecap="round"/>'
    '<circle cx="88" cy="106" r="6" fill="{l}"/>'
)
PANEL = (
    '<path d="M34 60h132l14 90H20z" fill="{c}"/><path d="M30 90h140M25 120h150M78 60l-6 90M122 60l6 90" stroke="{l}" '
    'stroke-width="4"/><circle cx="156" cy="36" r="14" fill="#f0c64a"/>'
)
POLES = (
    '<path d="M74 60l-16 112M126 60l16 112" stroke="{c}" stroke-width="9" stroke-linecap="round"/><path d="M78 '
    '28l-5 36M122 28l5 36" stroke="#b98a54" stroke-width="15" stroke-linecap="round"/><path d="M48 158h20M132 158h20" '
    'stroke="{d}" stroke-width="7" stroke-linecap="round"/>'
)
COMPASS = (
    '<circle cx="100" cy="104" r="62" fill="{c}"/><circle cx="100" cy="104" r="46" fill="#fbf8f1"/><path d="M100 66l14 '
    '38h-28z" fill="#b3261e"/><path d="M100 142l-14-38h28z" fill="{d}"/><circle cx="100" cy="104" r="6" fill="{l}"/>'
)
MAP = (
    '<path d="M34 62l44-16 44 16 44-16v94l-44 16-44-16-44 16z" fill="{l}"/><path d="M78 46v94M122 62v94" stroke="{c}" '
    'stroke-width="4"/><path d="M46 132c20-40 50-10 64-40s30-20 44-26" fill="none" stroke="#b3261e" stroke-width="6" '
    'stroke-dasharray="10 8"/><circle cx="152" cy="66" r="8" fill="{d}"/>'
)
ROPE = (
    '<g fill="none" stroke-width="12"><ellipse cx="100" cy="100" rx="58" ry="44" stroke="{c}"/><ellipse cx="100" '
    'cy="104" rx="42" ry="30" stroke="{d}"/><path d="M146 124l24 32" stroke="{c}" stroke-linecap="round"/></g>'
    '<rect x="88" y="48" width="26" height="34" rx="8" fill="{l}"/>'
)
KNIFE = (
    '<path d="M36 132l70-50 16 22-66 48c-14 8-30-8-20-20z" fill="{c}"/><path d="M106 82l54-44c10 18 2 40-14 50l-26 '
    '16z" fill="#c9d1cd"/><circle cx="62" cy="130" r="6" fill="{l}"/><circle cx="86" cy="112" r="5" fill="{l}"/>'
)
TOWEL = (
    '<rect x="48" y="44" width="104" height="120" rx="8" fill="{c}"/><path d="M48 72h104M48 84h104M48 136h104" '
    'stroke="{l}" stroke-width="6"/><path d="M48 164h104" stroke="{d}" stroke-width="8" stroke-dasharray="4 6"/>'
)
BOX = (
    '<rect x="40" y="66" width="120" height="92" rx="14" fill="{c}"/><path d="M80 66c0-26 40-26 40 0" fill="none" '
    'stroke="{d}" stroke-width="9"/><path d="M100 88v48M76 112h48" stroke="#fff" stroke-width="15" '
    'stroke-linecap="round"/>'
)
TIN = (
    '<ellipse cx="100" cy="128" rx="64" ry="28" fill="{d}"/><path d="M36 92v36h128V92z" fill="{d}"/><ellipse cx="100" '
    'cy="92" rx="64" ry="28" fill="{c}"/><ellipse cx="100" cy="92" rx="44" ry="17" fill="{l}"/>'
)
INSOLE = (
    '<path d="M64 40c26-10 36 16 32 44-4 24 4 50-10 72-10 12-34 8-36-12-2-30 6-40 2-62-2-16 0-36 12-42z" fill="{c}"/>'
    '<path d="M126 40c26-6 34 22 24 48-8 22 4 46-12 68-12 12-34 4-34-14 0-30 10-42 8-62-2-18 2-34 14-40z" fill="{d}"/>'
)
LACES = (
    '<path d="M50 150c-20-60 30-110 60-80s-40 70-20 86 70-30 60-80" fill="none" stroke="{c}" stroke-width="10" '
    'stroke-linecap="round"/><path d="M50 150l4 14M150 76l0-16" stroke="{d}" stroke-width="10" stroke-linecap="round"/>'
)
HAMMOCK = (
    '<path d="M24 60c30 90 122 90 152 0-40 36-112 36-152 0z" fill="{c}"/><path d="M24 60c40 36 112 36 152 0" '
    'fill="none" stroke="{d}" stroke-width="6"/><path d="M60 92l8 24M100 96v30M140 92l-8 24" stroke="{l}" '
    'stroke-width="5"/>'
)
SPOON = (
    '<ellipse cx="66" cy="70" rx="26" ry="32" fill="{c}" transform="rotate(-40 66 70)"/><path d="M84 90l70 72" '
    'stroke="{c}" stroke-width="13" stroke-linecap="round"/><ellipse cx="64" cy="68" rx="14" ry="20" fill="{l}" '
    'transform="rotate(-40 64 68)"/>'
)
WHISTLE = (
    '<circle cx="82" cy="112" r="40" fill="{c}"/><path d="M82 72h84v28h-46z" fill="{c}"/><circle cx="82" cy="112" '
    'r="16" fill="{d}"/><path d="M120 58l6-20M140 58l12-18" stroke="{l}" stroke-width="6" stroke-linecap="round"/>'
)
CHAIR = (
    '<path d="M60 44l84 78M140 44l-84 78" stroke="{d}" stroke-width="8"/><path d="M54 40h92l-10 60H64z" fill="{c}"/>'
    '<path d="M58 112h84l10 16H48z" fill="{l}"/><path d="M62 128l-8 38M138 128l8 38" stroke="{d}" stroke-width="8" '
    'stroke-linecap="round"/>'
)
SHAPES = {
    "boot": BOOT, "shoe": SHOE, "sandal": SANDAL, "socks": SOCKS, "jacket": JACKET, "vest": VEST, "shirt": SHIRT,
    "trousers": TROUSERS, "shorts": SHORTS, "poncho": PONCHO, "hat": HAT, "sunhat": SUNHAT, "cap": CAP,
    "gloves": GLOVES, "scarf": SCARF, "backpack": BACKPACK, "pouch": POUCH, "tent": TENT, "tarp": TARP, "pegs": PEGS,
    "sleepingbag": BAG, "mat": MAT, "pillow": PILLOW, "stove": STOVE, "pot": POT, "pan": PAN, "mug": MUG,
    "bottle": BOTTLE, "lamp": LAMP, "headlamp": HEADLAMP, "torch": TORCH, "panel": PANEL, "poles": POLES,
    "compass": COMPASS, "map": MAP, "rope": ROPE, "knife": KNIFE, "towel": TOWEL, "box": BOX, "tin": TIN,
    "insole": INSOLE, "laces": LACES, "hammock": HAMMOCK, "spoon": SPOON, "whistle": WHISTLE, "chair": CHAIR,
}  # fmt: skip
