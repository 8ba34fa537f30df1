# Shared by deploy/run, deploy/test and deploy/lock, which source it with $me set to their own name.
# shellcheck shell=sh

: "${me:?}"
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root" || exit
venv=${HALL_VENV:-$root/.venv}
LC_ALL=C.UTF-8
PIP_DISABLE_PIP_VERSION_CHECK=1
export LC_ALL PIP_DISABLE_PIP_VERSION_CHECK

say() {
    printf '%s: %s\n' "$me" "$*" >&2
}

# The comment at the head of the script.
usage() {
    sed -n '2,/^set/s/^# \{0,1\}//p' "$me"
    exit 0
}

# Something is missing: one sentence, exit code 2.
die() {
    say "$*"
    exit 2
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# Is what a Debian package brings here? Asked of the thing itself, so that other ways of installing it count too.
present() {
    case $1 in
        alsa-utils) has aplay || has paplay || has play ;;
        ca-certificates) [ -e /etc/ssl/certs/ca-certificates.crt ] ;;
        chromium-driver) has chromedriver ;;
        fonts-wqy-microhei) [ -e /usr/share/fonts/truetype/wqy/wqy-microhei.ttc ] ;;
        libusb-1.0-0) [ -n "$(find /lib/ /usr/lib/ -name 'libusb-1.0.so.0' -print -quit 2>/dev/null)" ] ;;
        postgresql) [ -n "$(find /usr/lib/postgresql/ -path '*/bin/initdb' -print -quit 2>/dev/null)" ] || has initdb ;;
        prometheus) has prometheus && has promtool ;;
        prometheus-alertmanager) has prometheus-alertmanager && has amtool ;;
        python3) find_python ;;
        python3-venv) find_python && "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
        sox) has sox ;;
        systemd) has systemd-analyze ;;
        zbar-tools) has zbarimg ;;
        *) has "$1" ;;
    esac
}

# Sets $python to a Python that is new enough, or fails.
find_python() {
    for python in ${HALL_PYTHON:-python3.11 python3}; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return 0
    done
    return 1
}

# need PACKAGE...: root gets what is missing, anyone else is told.
need() {
    missing=
    for package in "$@"; do
        present "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
        die "missing:$missing; get it with: sudo apt-get install --no-install-recommends$missing"
    fi
    say "installing$missing"
    # The names are separate words on purpose.
    # shellcheck disable=SC2086
    apt_install $missing || { apt-get -qq update </dev/null >&2 && apt_install $missing; } ||
        die "could not install$missing; connect this machine to a Debian mirror and run: apt-get install$missing"
    for package in $missing; do
        present "$package" || die "$package is installed but not usable here; Debian 12 is what this is made for"
    done
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" </dev/null >&2 || return
    # Of these only the programs are wanted: their services would take a port and memory for nothing.
    for package in "$@"; do
        case $package in
            prometheus | prometheus-alertmanager | postgresql)
                systemctl disable --now "$package.service" >/dev/null 2>&1 || true ;;
        esac
    done
}

# Makes or updates the private environment $venv: the locked packages with their hashes, then this clone itself.
# What is already so is not done again. Two runs at once take turns.
need_environment() {
    find_python || die "no Python 3.11 or newer here; on Debian 12 get it with: sudo apt-get install python3 python3-venv"
    mkdir -p "$venv" || die "cannot make $venv; set HALL_VENV to a directory that you may write"
    [ -w "$venv" ] || die "cannot write $venv; set HALL_VENV to a directory that you may write"
    (
        flock -n 9 || { say "waiting for another run to finish with $venv" && flock 9; }
        # An environment that was moved or lost its Python is made again. Only what is one may be cleared:
        # HALL_VENV could name anything.
        [ ! -e "$venv/place.stamp" ] || stamped place "$venv" || rm -f "$venv/bin/python"
        if [ -e "$venv/pyvenv.cfg" ]; then clear=--clear; else clear=; fi
        "$venv/bin/python" -c '' 2>/dev/null || "$python" -m venv $clear "$venv" ||
            die "could not make a Python environment in $venv; remove it, or set HALL_VENV to another directory"
        stamp place "$venv"
        "$venv/bin/python" -c 'import pip' 2>/dev/null || "$venv/bin/python" -m ensurepip >/dev/null ||
            die "there is no pip in $venv; remove it and run this again"
        locked=$("$venv/bin/python" --version && cksum <requirements.lock)
        here=$(echo "$root" && cksum <pyproject.toml)
        if ! stamped locked "$locked"; then
            say "installing the Python packages of requirements.lock into $venv"
            "$venv/bin/python" -m pip install --quiet --require-hashes --requirement requirements.lock </dev/null >&2 ||
                die "could not install the Python packages; connect this machine to a package index, or set PIP_INDEX_URL or PIP_FIND_LINKS to one that it reaches"
            stamp locked "$locked"
            rm -f "$venv/here.stamp"
        fi
        if ! stamped here "$here"; then
            "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable . </dev/null >&2 ||
                die "could not install this clone into $venv; pip's message above names the cause"
            stamp here "$here"
        fi
    ) 9>"$venv/.lock" || exit $?
}

# stamped NAME VALUE: was this value stamped? stamp NAME VALUE: it is now.
stamped() {
    [ "$(cat "$venv/$1.stamp" 2>/dev/null)" = "$2" ]
}

stamp() {
    printf '%s\n' "$2" >"$venv/$1.stamp"
}
