"""The models against what others published for the CDNOW sample (39 weeks of calibration)."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analytics.scoring import churn, gamma_gamma, lifetime_value, nbd, rfm
from analytics.scoring.history import Purchases, summarise

FILE = Path(__file__).parent / "data" / "cdnow_sample.txt"
END = date(1997, 9, 30).toordinal() + 0.0


def purchases():
    rows = {}
    for line in FILE.read_text().splitlines():
        _old, customer, day, _cds, dollars = line.split()
        key = (int(customer), date.fromisoformat(day).toordinal())
        rows[key] = rows.get(key, 0.0) + float(dollars)
    keys = sorted(rows)
    return Purchases.of([k[0] for k in keys], [k[1] for k in keys], [rows[key] for key in keys])


@pytest.fixture(scope="module")
def cdnow():
    return summarise(purchases().until(END + 1), END)


def test_the_summary_is_that_of_the_paper(cdnow):
    assert len(cdnow.x) == 2357
    assert int((cdnow.x > 0).sum()) == 946
    assert cdnow.x[0] == 2
    assert cdnow.t_x[0] == pytest.approx(30.43, abs=0.005)
    assert cdnow.t[0] == pytest.approx(38.86, abs=0.005)


def test_bg_nbd(cdnow):
    fit = nbd.fit("bg", cdnow.x, cdnow.t_x, cdnow.t)
    assert fit.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    assert [fit.r, fit.alpha, fit.a, fit.b] == pytest.approx([0.243, 4.414, 0.793, 2.426], rel=0.005)
    assert nbd.expected(fit, 39, [2], [30.43], [38.86])[0] == pytest.approx(1.226, abs=0.001)
    times = [0.142857, 1, 3, 31.8571, 32, 78]
    assert nbd.expected_new(fit, times) == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.858], abs=0.001)
    assert nbd.expected(fit, 52, [26], [30.857], [31])[0] == pytest.approx(25.757, abs=0.01)
    assert nbd.alive(fit, [26], np.array([30.857]), np.array([31.0]))[0] == pytest.approx(0.96885, abs=1e-4)


def test_the_holdout_of_the_paper_by_bins(cdnow):
    fit = nbd.fit("bg", cdnow.x, cdnow.t_x, cdnow.t)
    model = nbd.expected(fit, 39, cdnow.x, cdnow.t_x, cdnow.t)
    bins = np.minimum(cdnow.x, 7)
    assert [int((bins == k).sum()) for k in range(8)] == [1411, 439, 214, 100, 62, 38, 29, 64]
    expected = [0.2251, 0.5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570]
    assert [model[bins == k].mean() for k in range(8)] == pytest.approx(expected, abs=0.005)


def test_mbg_nbd(cdnow):
    fit = nbd.fit("mbg", cdnow.x, cdnow.t_x, cdnow.t)
    assert fit.log_likelihood == pytest.approx(-9582.133, abs=0.02)
    assert [fit.r, fit.alpha, fit.a, fit.b] == pytest.approx([0.525, 6.183, 0.891, 1.614], rel=0.005)


def test_the_chances_of_mbg_sum_to_the_mean_of_a_simulation():
    rng = np.random.default_rng(5)
    fit = nbd.Fit("mbg", 0.525, 6.183, 0.891, 1.614, 0, 0)
    rate, leave = rng.gamma(fit.r, 1 / fit.alpha, 60_000), rng.beta(fit.a, fit.b, 60_000)
    gone = rng.random(60_000) < leave
    time, seen, later, last = np.zeros(60_000), np.zeros(60_000), np.zeros(60_000), np.zeros(60_000)
    alive = ~gone
    for _step in range(400):
        time = time + rng.exponential(1 / rate)
        now_in, next_in = alive & (time <= 39), alive & (time > 39) & (time <= 78)
        seen, later, last = seen + now_in, later + next_in, np.where(now_in, time, last)
        alive &= ~((now_in | next_in) & (rng.random(60_000) < leave)) & (time <= 78)
    model = nbd.expected(fit, 39, seen, last, np.full(60_000, 39.0))
    assert model.mean() == pytest.approx(later.mean(), rel=0.03)
    heavy = seen >= 4
    assert model[heavy].mean() == pytest.approx(later[heavy].mean(), rel=0.05)


def test_gamma_gamma(cdnow):
    fit = gamma_gamma.fit(cdnow.x, cdnow.m)
    assert fit.customers == pytest.approx(946, abs=2)
    assert [fit.p, fit.q, fit.gamma] == pytest.approx([6.25, 3.74, 15.44], rel=0.01)
    assert fit.log_likelihood == pytest.approx(-4055.92, abs=0.1)
    published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert gamma_gamma.expected(fit, cdnow.x[:10], cdnow.m[:10]) == pytest.approx(published, abs=0.15)


def test_lifetime_value_with_the_rounded_parameters(cdnow):
    bg = nbd.Fit("bg", 0.243, 4.414, 0.793, 2.426, 0, 0)
    model = lifetime_value.Model(bg, gamma_gamma.Fit(6.25, 3.74, 15.44, 0, 0, 0))
    value = lifetime_value.predict(model, cdnow)[0]
    first = [36.209, 4.627, 8.349, 8.349, 8.349, 282.936, 6.867, 8.349, 43.272, 8.349]
    assert value[:10] == pytest.approx(first, rel=0.005)
    assert value.mean() == pytest.approx(30.2956, rel=0.005)


def test_a_very_eager_buyer_stays_finite():
    fit = nbd.Fit("mbg", 0.525, 6.183, 0.891, 1.614, 0, 0)
    assert np.isfinite(nbd.expected(fit, 52, [900], [51.9], [52])).all()


def test_where_nobody_leaves_the_plain_model_is_taken():
    rng = np.random.default_rng(1)
    rate = rng.gamma(2.0, 1.0, 800)
    x = rng.poisson(rate * 50)
    fit = nbd.fit("mbg", x, np.where(x > 0, 49.5, 0), np.full(800, 50.0))
    assert nbd.alive(fit, x, np.full(800, 49.5), np.full(800, 50.0)).mean() > 0.95


def test_churn_learns_only_from_what_was_known_and_adds_up(cdnow):
    bought = purchases()
    model = churn.train(bought, date(1998, 6, 30).toordinal() + 1.0, 180)
    assert model.metrics["auc"] > 0.75
    assert model.metrics["brier"] < model.metrics["brier_of_base_rate"]
    assert model.metrics["calibration_error"] < 0.06
    risk, effects = churn.predict(model, cdnow)
    assert ((risk > 0) & (risk < 1)).all()
    assert effects.shape == (2357, len(churn.FEATURES))
    then = churn.examples(bought, 729_000.0, 30)
    assert len(then[0]) <= 2357


def test_too_little_data_is_said():
    few = Purchases.of([1, 1, 2], [10, 20, 15], [5.0, 5.0, 5.0])
    assert churn.train(few, 100.0, 30) is None
    assert lifetime_value.train(summarise(few, 100.0)) is None


def test_rfm_fifths_can_be_checked_by_hand():
    edges = {"recency": [10, 20, 30, 40], "frequency": [1, 2, 4, 8], "monetary": [10, 20, 40, 80]}
    r, f, m = rfm.score([5, 41, 10], [9, 1, 3], [100, 5, 40], edges)
    assert (list(r), list(f), list(m)) == ([5, 1, 5], [5, 1, 3], [5, 1, 3])
    assert rfm.segment(5, 5) == "Champions"
    assert rfm.segment(1, 5) == "At risk"
