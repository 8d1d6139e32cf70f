"""Train the default experiment without a page, and print how far the generator is from its target."""

import sys

import gan1d


def main(steps: int = 3000) -> None:
    trainer = gan1d.Trainer(gan1d.Config())
    probe = gan1d.Probe(trainer.config)
    print("  step   loss_D   loss_G       W1    share of each mode")
    for _ in range(10):
        trainer.run(max(1, steps // 10))
        frame = gan1d.observe(trainer, probe)
        losses = f"{frame.loss_d:7.4f}  {frame.loss_g:7.4f}"
        shares = "  ".join(f"{mass:5.1%}" for mass in frame.mode_masses)
        print(f"{frame.step:6d}  {losses}  {frame.wasserstein1:7.4f}    {shares}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
