"""`python -m t4c_lib` is `t4c`, for machines where scripts can't be run."""

from t4c_lib.cli import main

if __name__ == "__main__":
    main()
